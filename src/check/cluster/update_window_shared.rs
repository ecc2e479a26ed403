//! Two roles that stand on each other reboot for updates in the same hour.
//!
//! # Why
//! The nodes of a role take turns, but each role by itself. Where one needs the other, as brokers need the ensemble
//! that keeps their metadata, a node of each may be away at once: with a second fault, or an update that fails, both
//! have lost what they can do without.
//!
//! # Fix
//! Give one of the roles another hour: `updates: { window: { start: "06:00" } }`.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::UPDATE_WINDOW;

pub(super) const CHECK: Check =
    Check { code: UPDATE_WINDOW, source: include_str!("update_window_shared.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let needed = facts.services.other_roles();
    for taken in facts.taken.iter().filter(|taken| taken.code == CHECK.code) {
        let Some(role) = needed.iter().find(|role| role.value == taken.role) else { continue };
        let title =
            format!("nodes of this role and of `{}`, which it needs, reboot at once", role.value);
        let found = Diagnostic::warning(CHECK.code, taken.span, title, "the hour of both");
        diags.report(taken.shown(found).related(role.span, "needed here").help(
            "set `updates.window.start` of one of them to an hour that the other does not take",
        ));
    }
}
