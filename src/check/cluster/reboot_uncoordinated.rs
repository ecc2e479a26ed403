//! Nodes that keep state reboot for updates whenever each of them likes.
//!
//! # Why
//! Flatcar and Fedora CoreOS fetch updates on their own and reboot a few minutes later. A release comes to all nodes
//! within hours: two of three may be away at once, and with them the majority, or both copies of a partition.
//!
//! # Fix
//! Let them take turns: `updates: { strategy: windows }` gives each node a weekday of its own. `strategy: off` leaves
//! reboots to you.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::os;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "reboot-uncoordinated", source: include_str!("reboot_uncoordinated.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let role = facts.role;
    if !os::table(role.target.os.value).updates.still_come
        || role.updates.is_some()
        || role.nodes.len() < 2
    {
        return;
    }
    // the one that stands on the others
    let Some(last) = facts.services.all.last() else { return };
    let (service, span) = (last.kind.name, last.span);
    let count = role.nodes.len();
    let title = format!("nothing keeps the {count} nodes of {service} from rebooting at once");
    diags.report(
        Diagnostic::warning(CHECK.code, span, title, "each node reboots after an update")
            .help("add `updates: { strategy: windows }`")
            .edit(Edit::set(["updates"], "{ strategy: windows }")),
    );
}
