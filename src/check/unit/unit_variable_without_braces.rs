//! A variable without braces stands inside a word of a command line.
//!
//! # Why
//! systemd puts in `$NAME` only where it is a word of its own; inside a word it stays as it is written, and the program
//! gets the name instead of the value.
//!
//! # Fix
//! Write `${NAME}`, or `$$NAME` if the program is to see the dollar sign.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::is_shell;

pub(super) const CHECK: Check = Check {
    code: "unit-variable-without-braces",
    source: include_str!("unit_variable_without_braces.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        for command in unit.commands.iter().filter(|command| !is_shell(&command.line)) {
            for word in &command.line.words {
                for variable in word.variables().into_iter().filter(|variable| !variable.is_put_in)
                {
                    let name = variable.name;
                    // what a container's own shell is given is that shell's
                    if word.text.contains(char::is_whitespace) {
                        continue;
                    }
                    let title =
                        format!("`${name}` inside a word of `{}` is not put in", unit.name());
                    let span =
                        unit.span(view.sources, command.file, &word.part(variable.range.clone()));
                    diags.report_once(
                        Diagnostic::error(
                            CHECK.code,
                            span,
                            title,
                            "the program gets the name, not the value",
                        )
                        .help(format!("write `${{{name}}}`"))
                        .edit(unit.replace(
                            view.sources,
                            command.file,
                            &word.part(variable.range.clone()),
                            format!("${{{name}}}"),
                        )),
                    );
                }
            }
        }
    }
}
