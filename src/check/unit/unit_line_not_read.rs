//! A line of a unit file is neither a section nor an option.
//!
//! # Why
//! systemd leaves out a line without `=`, and the unit runs without what it says; a section header that is not closed
//! makes it refuse the whole file. The common cause is a backslash with blanks after it: the line is not continued.
//!
//! # Fix
//! Write `Key=value`, close the bracket, or remove the blanks after the backslash of the line before.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::FaultKind;

pub(super) const CHECK: Check =
    Check { code: "unit-line-not-read", source: include_str!("unit_line_not_read.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        for (index, file) in unit.files.iter().enumerate() {
            for fault in &file.file.faults {
                let (label, help) = match fault.kind {
                    FaultKind::HeaderNotClosed => {
                        ("systemd refuses the whole file", "close the header with `]`")
                    }
                    FaultKind::NoEquals { after_broken_continuation: true } => (
                        "systemd leaves it out",
                        "remove the blanks after the backslash of the line before: only a backslash at the very end \
                         continues a line",
                    ),
                    FaultKind::NoEquals { after_broken_continuation: false } => (
                        "systemd leaves it out",
                        "write `Key=value`, or end the line before with a backslash",
                    ),
                };
                let title =
                    format!("`{}` has a line that is neither section nor option", unit.name());
                let span = unit.span(view.sources, index, &fault.at);
                let mut found = Diagnostic::error(CHECK.code, span, title, label).help(help);
                if let FaultKind::NoEquals { after_broken_continuation: true } = fault.kind {
                    found = found.edit(unit.join(view.sources, index, fault.at.start));
                }
                diags.report_once(found);
            }
        }
    }
}
