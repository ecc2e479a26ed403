//! A broker runs with docker's default limit of open files.
//!
//! # Why
//! Kafka keeps three files open per segment and a socket per client. Newer systems give containers 1,024 of both
//! together: the broker dies of "Too many open files" once it holds enough partitions.
//!
//! # Fix
//! Add `--ulimit nofile=100000:100000`.

use super::images::Service;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-open-files-unset",
    source: include_str!("container_open_files_unset.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for run in facts.raw.runs() {
        let is_kafka = run.known.is_some_and(|known| known.service == Service::Kafka);
        if !is_kafka || run.call.values("ulimit").any(|word| word.text.starts_with("nofile")) {
            continue;
        }
        let title = "Kafka has only docker's default of open files";
        let label = "no `--ulimit nofile` here";
        diags.report_once(
            Diagnostic::warning(CHECK.code, run.verb_span(facts), title, label)
                .help("add `--ulimit nofile=100000:100000`")
                .edit(run.add_flags(facts, "--ulimit nofile=100000:100000")),
        );
    }
}
