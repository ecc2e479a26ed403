//! A unit kills its own container before it starts it.
//!
//! # Why
//! `docker kill` is SIGKILL: a member that is still running gets no chance to hand over its leadership, to flush, or to
//! sign off. The next start has a log to recover and a session to wait out.
//!
//! # Fix
//! Write `stop` instead of `kill`.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-killed-before-start",
    source: include_str!("container_killed_before_start.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.whole() {
        let Some(known) = unit.runs().find_map(|run| Known::run(&run)) else {
            continue;
        };
        for command in &unit.commands {
            let Some(call) = command.call.as_ref().filter(|call| call.verb.text == "kill") else {
                continue;
            };
            if call.values("signal").next().is_some() {
                continue;
            }
            let title = format!("`{}` kills {} where it could stop it", unit.name(), known.name());
            let span = unit.span(view.sources, command.file, &call.verb.at);
            let name = call.operands.first().map_or("NAME", |word| word.text.as_str());
            diags.report_once(
                Diagnostic::warning(
                    CHECK.code,
                    span,
                    title,
                    "SIGKILL, without a chance to flush or sign off",
                )
                .help(format!("write `stop {name}`"))
                .edit(unit.replace(
                    view.sources,
                    command.file,
                    &call.verb.at,
                    "stop",
                )),
            );
        }
    }
}
