//! A file of the profile's own tells the update agent when to reboot, beside `updates`.
//!
//! # Why
//! `updates` gives each node a time of its own, in the file that the agent reads. A file of the profile takes its
//! place, or is read after it, and is the same on all nodes: they reboot together.
//!
//! # Fix
//! Remove the file, and say what it says under `updates`; or remove `updates`, and write a file that differs by node.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::os;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "update-config-written", source: include_str!("update_config_written.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let role = facts.role;
    let Some(updates) = &role.updates else { return };
    let agent = &os::table(role.target.os.value).updates;
    for file in role.files.iter().filter(|file| !file.remove) {
        let path = &file.path.value;
        let tells = |bytes: &Vec<u8>| agent.is_told_by(path, &String::from_utf8_lossy(bytes));
        if !file.contents.all().iter().any(tells) {
            continue;
        }
        let title = format!("`{path}` says when to reboot, and `updates` does");
        let label = format!("{} heeds this one", agent.unit);
        diags.report(
            Diagnostic::error(CHECK.code, file.path.span, title, label)
                .related(updates.strategy.span, "without effect beside it")
                .help(format!("remove `{path}`, or remove `updates`"))
                .edit(Edit::remove(file.path.span)),
        );
    }
}
