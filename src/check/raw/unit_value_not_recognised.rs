//! An option of a unit file has a value systemd does not take.
//!
//! # Why
//! systemd warns in the journal, leaves the line out, and goes on with its default. Words such as `simple` are told
//! apart by case.
//!
//! # Fix
//! Write one of the values that are named.

use super::directives;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "unit-value-not-recognised",
    source: include_str!("unit_value_not_recognised.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for unit in facts.raw.iter() {
        for (file, option) in unit.options() {
            let section = option.section.as_deref().unwrap_or("");
            let (key, value) = (&option.key, &option.value.text);
            let Some(wrong) = directives::kind(section, key)
                .and_then(|kind| directives::wrong_value(kind, value))
            else {
                continue;
            };
            let title = format!("`{key}={value}` is no value of `{key}=`");
            let span = unit.value_span(facts, file, option);
            let finding = Diagnostic::error(CHECK.code, span, title, "systemd leaves the line out");
            diags.report_once(match wrong.meant {
                Some(meant) => finding
                    .help(format!("write `{key}={meant}`"))
                    .edit(unit.set_option(facts, file, option, meant)),
                None => finding.help(wrong.expected),
            });
        }
    }
}
