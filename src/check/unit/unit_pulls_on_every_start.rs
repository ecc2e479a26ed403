//! A unit pulls its image whenever it starts.
//!
//! # Why
//! The registry becomes part of every restart: while it is down or limits you, a member that crashed cannot come back.
//!
//! # Fix
//! Remove the line, as `docker run` itself pulls an image that is not there; or pull only then:
//! `/bin/sh -c 'docker image inspect IMAGE >/dev/null || docker pull IMAGE'`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "unit-pulls-on-every-start",
    source: include_str!("unit_pulls_on_every_start.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        for command in unit.commands.iter().filter(|command| command.key == "ExecStartPre") {
            let Some(call) = command.call.as_ref().filter(|call| call.verb.text == "pull") else {
                continue;
            };
            if command.line.may_fail {
                continue;
            }
            let title = format!("`{}` cannot start while its registry is down", unit.name());
            let span = unit.span(view.sources, command.file, &call.verb.at);
            diags.report_once(
                Diagnostic::warning(CHECK.code, span, title, "on every start")
                    .help(format!(
                        "remove the line: `{} run` pulls an image that is not there",
                        call.client
                    ))
                    .edit(unit.drop_command(view.sources, command)),
            );
        }
    }
}
