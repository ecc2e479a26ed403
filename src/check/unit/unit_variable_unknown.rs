//! A command line of a unit uses a variable that nothing sets.
//!
//! # Why
//! systemd puts in variables itself, before any shell: one that neither `Environment=` nor `EnvironmentFile=` sets
//! becomes nothing. That also meets the variables of a script inside `sh -c '…'`.
//!
//! # Fix
//! Set it with `Environment=NAME=value`; write `$$` where the shell of the command is to see a `$`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::is_shell;

pub(super) const CHECK: Check =
    Check { code: "unit-variable-unknown", source: include_str!("unit_variable_unknown.rs"), run };

/// What systemd itself sets for a service's processes.
const BUILTIN: &[&str] = &[
    "MAINPID",
    "PATH",
    "LANG",
    "USER",
    "LOGNAME",
    "HOME",
    "SHELL",
    "TERM",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "NOTIFY_SOCKET",
    "WATCHDOG_PID",
    "WATCHDOG_USEC",
    "LISTEN_FDS",
    "LISTEN_PID",
    "LISTEN_FDNAMES",
    "RUNTIME_DIRECTORY",
    "STATE_DIRECTORY",
    "CACHE_DIRECTORY",
    "LOGS_DIRECTORY",
    "CONFIGURATION_DIRECTORY",
    "CREDENTIALS_DIRECTORY",
    "SERVICE_RESULT",
    "EXIT_CODE",
    "EXIT_STATUS",
    "REMOTE_ADDR",
    "REMOTE_PORT",
    "TRIGGER_UNIT",
    "TRIGGER_PATH",
    "SYSTEMD_EXEC_PID",
    "MEMORY_PRESSURE_WATCH",
    "PIDFILE",
];

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.whole() {
        if unit.last("Service", "EnvironmentFile").is_some()
            || unit.last("Service", "PAMName").is_some()
        {
            continue;
        }
        let passed: Vec<&str> = unit.words("Service", "PassEnvironment").collect();
        for command in &unit.commands {
            for word in &command.line.words {
                for variable in word.variables() {
                    let name = variable.name;
                    let is_set = unit.variable(name).is_some()
                        || passed.contains(&name)
                        || BUILTIN.contains(&name);
                    if !variable.is_put_in || is_set {
                        continue;
                    }
                    let title = format!("`{name}` of `{}` is set nowhere", unit.name());
                    let help = if is_shell(&command.line) {
                        format!(
                            "write `$${{{name}}}` if the shell is to see it, or set it: `Environment={name}=…`"
                        )
                    } else {
                        format!(
                            "set it: `Environment={name}=…`, or load the file that does with `EnvironmentFile=`"
                        )
                    };
                    let range = word.part(variable.range.clone());
                    let span = unit.span(view.sources, command.file, &range);
                    let finding =
                        Diagnostic::error(CHECK.code, span, title, "systemd puts in nothing")
                            .help(help);
                    diags.report_once(if is_shell(&command.line) {
                        finding.edit(unit.replace(
                            view.sources,
                            command.file,
                            &range,
                            format!("$${{{name}}}"),
                        ))
                    } else {
                        finding
                    });
                }
            }
        }
    }
}
