//! A line of a unit file is neither a section nor an option.
//!
//! # Why
//! systemd leaves out a line without `=`, and the unit runs without what it says; a section header that is not closed
//! makes it refuse the whole file. The common cause is a backslash with blanks after it: the line is not continued.
//!
//! # Fix
//! Write `Key=value`, close the bracket, or remove the blanks after the backslash of the line before.

use super::unit_file::FaultKind;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "unit-line-not-read", source: include_str!("unit_line_not_read.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for unit in facts.raw.iter() {
        for (index, file) in unit.files.iter().enumerate() {
            for fault in &file.file.faults {
                let (label, help) = match fault.kind {
                    FaultKind::HeaderNotClosed => {
                        ("systemd refuses the whole file", "close the header with `]`")
                    }
                    FaultKind::NoEquals { after_broken_continuation: true } => (
                        "systemd leaves it out",
                        "remove the blanks after the backslash of the line before: only a backslash at the very end continues a line",
                    ),
                    FaultKind::NoEquals { after_broken_continuation: false } => (
                        "systemd leaves it out",
                        "write `Key=value`, or end the line before with a backslash",
                    ),
                };
                let title =
                    format!("`{}` has a line that is neither section nor option", unit.name());
                let span = unit.span(facts, index, &fault.at);
                let mut found = Diagnostic::error(CHECK.code, span, title, label).help(help);
                if let FaultKind::NoEquals { after_broken_continuation: true } = fault.kind {
                    found = found.edit(unit.join(facts, index, fault.at.start));
                }
                diags.report_once(found);
            }
        }
    }
}
