//! The first process of an image does not end on SIGTERM.
//!
//! # Why
//! A shell that starts the server and waits for it keeps SIGTERM for itself: `docker stop` waits, then kills everything.
//! Each restart is a crash: no hand-over, a log to recover, sessions that linger.
//!
//! # Fix
//! Run an image whose start script ends in `exec`, as those of the projects themselves do.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-ignores-stop",
    source: include_str!("container_ignores_stop.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for run in facts.raw.runs() {
        let Some(known) = run.known.filter(|known| known.is_deaf) else { continue };
        if run.call.has("init") {
            continue;
        }
        let title =
            format!("{} of image `{}` never hears that it is to stop", known.name(), run.image);
        let mut finding = Diagnostic::warning(
            CHECK.code,
            run.image_span(facts),
            title,
            "its first process is a shell that keeps SIGTERM to itself",
        );
        for command in run.unit.commands.iter().filter(|command| command.key == "ExecStop") {
            if let Some(call) = &command.call {
                finding = finding.related(
                    run.unit.span(facts, command.file, &call.verb.at),
                    "waits, then kills",
                );
            }
        }
        let (_, instead) =
            known.abandoned.unwrap_or(("", "an image whose start script ends in `exec`"));
        diags.report_once(finding.help(format!("use {instead}")));
    }
}
