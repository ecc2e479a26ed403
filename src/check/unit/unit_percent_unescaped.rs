//! A `%` of a unit file starts no specifier, or one that is surely not meant.
//!
//! # Why
//! systemd puts in its own values for `%H`, `%m` and their like before a program sees them: a date format or an escaped
//! URL arrives as something else, and a letter that means nothing today may mean something in the next release.
//!
//! # Fix
//! Write `%%` for a percent sign.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "unit-percent-unescaped",
    source: include_str!("unit_percent_unescaped.rs"),
    run,
};

/// Letters that systemd knows after `%`.
const SPECIFIERS: &str = "aAbBCdDEfgGhHiIjJlLmMnNopPqsStTuUvVwWyY%";

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        for (file, option) in unit.options() {
            if !option.key.starts_with("Exec") && option.key != "Environment" {
                continue;
            }
            let text = &option.value.text;
            let Some(at) = lone_percent(text) else { continue };
            let title =
                format!("`%` in `{}=` of `{}` is read as a specifier", option.key, unit.name());
            let end = at
                + 1
                + text.get(at + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            let written = text.get(at..end).unwrap_or("%");
            let span = unit.span(view.sources, file, &option.value.place(at..end));
            diags.report_once(
                Diagnostic::error(
                    CHECK.code,
                    span,
                    title,
                    "systemd reads it before the program does",
                )
                .help(format!("write `%{written}`"))
                .edit(unit.replace(
                    view.sources,
                    file,
                    &option.value.place(at..end),
                    format!("%{written}"),
                )),
            );
        }
    }
}

/// Returns where the first `%` stands that is no specifier, or is part of a date format.
fn lone_percent(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find('%') {
        let at = from + found;
        let next = text.get(at + 1..)?.chars().next();
        let word = text.get(..at)?.rsplit([' ', '\t', '"', '\'']).next().unwrap_or("");
        let is_format = word.starts_with('+') && next != Some('%');
        if is_format || !next.is_some_and(|letter| SPECIFIERS.contains(letter)) {
            return Some(at);
        }
        from = at + 1 + next.map_or(0, char::len_utf8);
    }
    None
}
