//! A unit file has a section that units of its type do not have.
//!
//! # Why
//! systemd leaves out the section and everything in it, and says so only in the journal.
//!
//! # Fix
//! Correct its name; a section for other programs starts with `X-`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::unitfile::directives;

pub(super) const CHECK: Check =
    Check { code: "unit-unknown-section", source: include_str!("unit_unknown_section.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        let known = directives::sections(unit.suffix());
        for (index, file) in unit.files.iter().enumerate() {
            for section in &file.file.sections {
                if section.name.starts_with("X-") || known.contains(&section.name.as_str()) {
                    continue;
                }
                let title = format!("`{}` cannot have a section `[{}]`", unit.name(), section.name);
                let span = unit.span(view.sources, index, &section.at);
                let finding = Diagnostic::error(
                    CHECK.code,
                    span,
                    title,
                    "systemd leaves it out, with all its options",
                );
                diags.report_once(match nearest(&section.name, known.iter().copied()) {
                    Some(meant) => finding
                        .help(format!("did you mean `[{meant}]`?"))
                        .edit(unit.replace(view.sources, index, &section.at, format!("[{meant}]"))),
                    None => finding.help(format!("must be one of: [{}]", known.join("], ["))),
                });
            }
        }
    }
}
