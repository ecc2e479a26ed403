//! A command line of a unit speaks the shell's language.
//!
//! # Why
//! systemd runs programs, not a shell: `|`, `>`, `&&` and `$(…)` arrive as plain words.
//!
//! # Fix
//! Wrap the command: `/bin/sh -c '…'`, with `$$` for every `$` the shell is to see.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::is_shell;

pub(super) const CHECK: Check =
    Check { code: "unit-shell-syntax", source: include_str!("unit_shell_syntax.rs"), run };

const SYNTAX: &[&str] = &[
    "|",
    "||",
    "&",
    "&&",
    ">",
    ">>",
    "<",
    "2>",
    "2>&1",
    "&>",
    "2>/dev/null",
    ">/dev/null",
    "&>/dev/null",
];

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        for command in unit.commands.iter().filter(|command| !is_shell(&command.line)) {
            let is_syntax =
                |text: &str| SYNTAX.contains(&text) || text.contains("$(") || text.starts_with('`');
            let Some(word) =
                command.line.words.iter().find(|word| word.is_plain() && is_syntax(&word.text))
            else {
                continue;
            };
            let title = format!(
                "`{}=` of `{}` needs a shell, and systemd runs none",
                command.key,
                unit.name()
            );
            let span = unit.span(view.sources, command.file, &word.at);
            diags.report_once(
                Diagnostic::error(CHECK.code, span, title, "arrives as a plain word").help(
                    format!("write `{}=/bin/sh -c '…'`, with `$$` for each `$`", command.key),
                ),
            );
        }
    }
}
