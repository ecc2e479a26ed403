//! The first process of an image does not end on SIGTERM.
//!
//! # Why
//! A shell that starts the server and waits for it keeps SIGTERM for itself: `docker stop` waits, then kills
//! everything. Each restart is a crash: no hand-over, a log to recover, sessions that linger.
//!
//! # Fix
//! Run an image whose start script ends in `exec`, as those of the projects themselves do.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-ignores-stop",
    source: include_str!("container_ignores_stop.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs() {
        let Some(known) = Known::run(&run).filter(|known| known.image.is_deaf) else { continue };
        if run.call.has("init") {
            continue;
        }
        let title =
            format!("{} of image `{}` never hears that it is to stop", known.name(), run.image);
        let mut finding = Diagnostic::warning(
            CHECK.code,
            run.image_span(view.sources),
            title,
            "its first process is a shell that keeps SIGTERM to itself",
        );
        for command in run.unit.commands.iter().filter(|command| command.key == "ExecStop") {
            if let Some(call) = &command.call {
                finding = finding.related(
                    run.unit.span(view.sources, command.file, &call.verb.at),
                    "waits, then kills",
                );
            }
        }
        let instead = known.image.gone.map_or_else(
            || "an image whose start script ends in `exec`".to_owned(),
            |gone| gone.advice(),
        );
        diags.report_once(finding.help(format!("use {instead}")));
    }
}
