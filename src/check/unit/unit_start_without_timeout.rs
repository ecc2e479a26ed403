//! A service may take for ever to start.
//!
//! # Why
//! With `TimeoutStartSec=0` a pull or a preparation that hangs leaves the unit in `activating`: it neither runs nor
//! fails, nothing restarts it and no alarm is raised.
//!
//! # Fix
//! Give it the time a slow start takes, as `TimeoutStartSec=15min`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::directives::seconds;

pub(super) const CHECK: Check = Check {
    code: "unit-start-without-timeout",
    source: include_str!("unit_start_without_timeout.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter().filter(|unit| !unit.is_oneshot()) {
        for key in ["TimeoutStartSec", "TimeoutSec"] {
            let Some((file, option)) = unit.last("Service", key) else { continue };
            let is_endless =
                seconds(&option.value.text).is_some_and(|time| time == 0.0 || time.is_infinite());
            let mut before = unit.commands.iter().filter(|command| command.key == "ExecStartPre");
            let Some(slow) = before.rfind(|command| !command.line.may_fail) else { continue };
            if !is_endless {
                continue;
            }
            let title = format!("`{}` may hang in its start for ever", unit.name());
            let span = unit.value_span(view.sources, file, option);
            let mut finding = Diagnostic::warning(CHECK.code, span, title, "no limit")
                .help(format!("write `{key}=15min`"))
                .edit(unit.set_option(view.sources, file, option, "15min"));
            if let Some(call) = slow.call.as_ref().filter(|call| call.verb.text == "pull") {
                finding = finding.related(
                    unit.span(view.sources, slow.file, &call.verb.at),
                    "waits for a registry",
                );
            }
            diags.report_once(finding);
        }
    }
}
