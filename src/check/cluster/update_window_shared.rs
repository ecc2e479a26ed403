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
use crate::model::Reboots;
use crate::service::UPDATE_WINDOW;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: UPDATE_WINDOW, source: include_str!("update_window_shared.rs"), run };

/// Minutes of a day.
const DAY: u32 = 24 * 60;

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let cluster = facts.cluster;
    let Some(Reboots::Windows(window)) = cluster.updates.as_ref().map(|it| &it.strategy.value)
    else {
        return;
    };
    let needed = facts.services.other_roles();
    for taken in facts.taken.iter().filter(|taken| taken.code == CHECK.code) {
        let Some(role) = needed.iter().find(|role| role.value == taken.role) else { continue };
        let title =
            format!("nodes of this role and of `{}`, which it needs, reboot at once", role.value);
        // after the last row of nodes, which takes the last hour of a week's turn
        let rows = u32::try_from(cluster.nodes.len().div_ceil(7)).unwrap_or(DAY);
        let start = (window.start_minute + rows * window.length_minutes) % DAY;
        let start = format!("\"{:02}:{:02}\"", start / 60, start % 60);
        let found = Diagnostic::warning(CHECK.code, taken.span, title, "the hour of both");
        diags.report(
            taken
                .shown(found)
                .related(role.span, "needed here")
                .help(format!("set `updates.window.start: {start}`"))
                .edit(Edit::set(["updates", "window", "start"], start)),
        );
    }
}
