//! A container's log grows without a bound.
//!
//! # Why
//! Docker's default is a JSON file per container that is never rotated: it fills the root disk, and then nothing on the
//! machine works. What the unit's own process prints is in the journal anyway, which has a bound.
//!
//! # Fix
//! Add `--log-driver none` to an attached `run`; with `-d`, `--log-driver journald`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "unit-logs-unbounded", source: include_str!("unit_logs_unbounded.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let daemon = view.files.iter().find(|file| file.path.value == "/etc/docker/daemon.json");
    let is_bounded = daemon.is_some_and(|file| {
        file.contents.all().iter().any(|bytes| String::from_utf8_lossy(bytes).contains("log-"))
    });
    if is_bounded {
        return;
    }
    for run in view
        .units
        .runs()
        .filter(|run| run.call.client == "docker" && run.command.key == "ExecStart")
    {
        let mut said = ["log-driver", "log-opt"].iter().flat_map(|flag| run.call.values(flag));
        if said.next().is_some() {
            continue;
        }
        let title = format!("the log of `{}` grows until the disk is full", run.unit.name());
        let label = "docker keeps it in a file that is never rotated";
        let driver = if run.call.has("detach") { "journald" } else { "none" };
        diags.report_once(
            Diagnostic::warning(CHECK.code, run.verb_span(view.sources), title, label)
                .help(format!("add `--log-driver {driver}`: what it prints is in the journal"))
                .edit(run.add_flags(view.sources, &format!("--log-driver {driver}"))),
        );
    }
}
