//! Exhibitor's control page is open to everybody who reaches the machine.
//!
//! # Why
//! Port 8181 changes the ensemble, restarts servers and edits znodes, without a password; published on every address it
//! is guarded by a security group alone.
//!
//! # Fix
//! Publish it on the loopback address, `-p 127.0.0.1:8181:8181`, and reach it through ssh; the members themselves need
//! it only where Exhibitor manages the ensemble, so restrict it to them.

use super::images::Service;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "exhibitor-published-openly",
    source: include_str!("exhibitor_published_openly.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for run in facts.raw.runs() {
        let is_exhibitor = run.known.is_some_and(|known| known.service == Service::Exhibitor);
        if !is_exhibitor || super::kafka::is_passed(run.call, "ZK_PASSWORD") {
            continue;
        }
        for published in run.call.published().filter(|published| published.container == 8181) {
            if published.address.is_some_and(|address| !matches!(address, "" | "0.0.0.0" | "[::]"))
            {
                continue;
            }
            let title = "Exhibitor's control page is open to everybody who reaches the machine";
            let span = run.span(facts, &published.at);
            let label = "on every address, without a password";
            diags.report_once(
                Diagnostic::warning(CHECK.code, span, title, label)
                    .help("write `-p 127.0.0.1:8181:8181`")
                    .edit(run.replace(facts, &published.at, "127.0.0.1:8181:8181")),
            );
        }
    }
}
