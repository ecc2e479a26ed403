//! A unit pulls its image whenever it starts.
//!
//! # Why
//! The registry becomes part of every restart: while it is down or limits you, a member that crashed cannot come back.
//!
//! # Fix
//! Remove the line, as `docker run` itself pulls an image that is not there; or pull only then:
//! `/bin/sh -c 'docker image inspect IMAGE >/dev/null || docker pull IMAGE'`.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "unit-pulls-on-every-start",
    source: include_str!("unit_pulls_on_every_start.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for unit in facts.raw.iter() {
        for command in unit.commands.iter().filter(|command| command.key == "ExecStartPre") {
            let Some(call) = command.call.as_ref().filter(|call| call.verb.text == "pull") else {
                continue;
            };
            if command.line.may_fail {
                continue;
            }
            let title = format!("`{}` cannot start while its registry is down", unit.name());
            let span = unit.span(facts, command.file, &call.verb.at);
            diags.report_once(
                Diagnostic::warning(CHECK.code, span, title, "on every start")
                    .help(format!(
                        "remove the line: `{} run` pulls an image that is not there",
                        call.client
                    ))
                    .edit(unit.drop_command(facts, command)),
            );
        }
    }
}
