//! A broker runs with docker's default limit of open files.
//!
//! # Why
//! Kafka keeps three files open per segment and a socket per client. Newer systems give containers 1,024 of both
//! together: the broker dies of "Too many open files" once it holds enough partitions.
//!
//! # Fix
//! Add `--ulimit nofile=100000:100000`.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-open-files-unset",
    source: include_str!("container_open_files_unset.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs() {
        let Some(known) = Known::run(&run).filter(|known| known.contract.needs_open_files) else {
            continue;
        };
        if run.call.values("ulimit").any(|word| word.text.starts_with("nofile")) {
            continue;
        }
        let title = format!("{} has only docker's default of open files", known.name());
        let label = "no `--ulimit nofile` here";
        diags.report_once(
            Diagnostic::warning(CHECK.code, run.verb_span(view.sources), title, label)
                .help("add `--ulimit nofile=100000:100000`")
                .edit(run.add_flags(view.sources, "--ulimit nofile=100000:100000")),
        );
    }
}
