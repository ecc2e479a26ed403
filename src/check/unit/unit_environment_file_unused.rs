//! A unit loads an environment file and uses nothing of it.
//!
//! # Why
//! The commands only call docker or podman, which hand on to the container what `-e` and `--env-file` name and nothing
//! else. What is left is a way to fail: without `-` before its path, a missing file fails the unit.
//!
//! # Fix
//! Remove the line, or use the variable: `-e NAME=${NAME}`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::Word;

pub(super) const CHECK: Check = Check {
    code: "unit-environment-file-unused",
    source: include_str!("unit_environment_file_unused.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.whole().filter(|unit| !unit.commands.is_empty()) {
        let uses = unit.commands.iter().any(|command| {
            let Some(call) = &command.call else { return true };
            let passes = call.values("env").any(|word| !word.text.contains('='));
            let names_file = call.values("env-file").next().is_some();
            let puts_in = command
                .line
                .words
                .iter()
                .flat_map(Word::variables)
                .any(|variable| unit.variable(variable.name).is_none());
            passes || names_file || puts_in
        });
        if uses {
            continue;
        }
        for (file, option) in unit.all("Service", "EnvironmentFile") {
            let path = &option.value.text;
            if path.is_empty() {
                continue;
            }
            let label = if path.starts_with('-') {
                "no command uses a variable"
            } else {
                "no command uses a variable, and without the file the unit fails"
            };
            let title =
                format!("`{}` loads `{}` for nothing", unit.name(), path.trim_start_matches('-'));
            let span = unit.value_span(view.sources, file, option);
            diags.report_once(
                Diagnostic::warning(CHECK.code, span, title, label)
                    .help("remove the line")
                    .edit(unit.drop_option(view.sources, file, option)),
            );
        }
    }
}
