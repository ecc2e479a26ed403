//! An option of a unit file has a value systemd does not take.
//!
//! # Why
//! systemd warns in the journal, leaves the line out, and goes on with its default. Words such as `simple` are told
//! apart by case.
//!
//! # Fix
//! Write one of the values that are named.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::directives;

pub(super) const CHECK: Check = Check {
    code: "unit-value-not-recognised",
    source: include_str!("unit_value_not_recognised.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        for (file, option) in unit.options() {
            let section = option.section.as_deref().unwrap_or("");
            let (key, value) = (&option.key, &option.value.text);
            let Some(wrong) = directives::kind(section, key)
                .and_then(|kind| directives::wrong_value(kind, value))
            else {
                continue;
            };
            let title = format!("`{key}={value}` is no value of `{key}=`");
            let span = unit.value_span(view.sources, file, option);
            let finding = Diagnostic::error(CHECK.code, span, title, "systemd leaves the line out");
            diags.report_once(match wrong.meant {
                Some(meant) => finding
                    .help(format!("write `{key}={meant}`"))
                    .edit(unit.set_option(view.sources, file, option, meant)),
                None => finding.help(wrong.expected),
            });
        }
    }
}
