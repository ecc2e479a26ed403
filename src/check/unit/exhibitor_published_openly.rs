//! Exhibitor's control page is open to everybody who reaches the machine.
//!
//! # Why
//! Port 8181 changes the ensemble, restarts servers and edits znodes, without a password; published on every address it
//! is guarded by a security group alone.
//!
//! # Fix
//! Publish it on the loopback address, `-p 127.0.0.1:8181:8181`, and reach it through ssh; the members themselves need
//! it only where Exhibitor manages the ensemble, so restrict it to them.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::contract::Guarded;
use crate::unitfile::Run;

pub(super) const CHECK: Check = Check {
    code: "exhibitor-published-openly",
    source: include_str!("exhibitor_published_openly.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs() {
        let Some(known) = Known::run(&run) else { continue };
        for guarded in known.contract.guarded {
            if !run.call.passes(guarded.password) {
                report(view, &run, guarded, diags);
            }
        }
    }
}

fn report(view: &View<'_>, run: &Run<'_>, guarded: &Guarded, diags: &mut Diagnostics) {
    let Guarded { port, password: _, title } = guarded;
    for published in run.call.published().filter(|published| published.container == *port) {
        if published.address.is_some_and(|address| !matches!(address, "" | "0.0.0.0" | "[::]")) {
            continue;
        }
        let span = run.span(view.sources, &published.at);
        let label = "on every address, without a password";
        let right = format!("127.0.0.1:{port}:{port}");
        diags.report_once(
            Diagnostic::warning(CHECK.code, span, *title, label)
                .help(format!("write `-p {right}`"))
                .edit(run.replace(view.sources, &published.at, right)),
        );
    }
}
