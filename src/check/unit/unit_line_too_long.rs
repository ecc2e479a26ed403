//! A line of a unit has 2,048 bytes or more.
//!
//! # Why
//! Ignition, whatever its version, refuses the whole config at the first boot, and the machine stays without one.
//! Generated lines go on in the next one where they can: at a blank.
//!
//! # Fix
//! Break the line at a blank: end it with a backslash and go on in the next line. A single word of that length belongs
//! into a file, which `files` writes and a volume or bind brings to the program.

use std::collections::BTreeSet;

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::UnitText;

pub(super) const CHECK: Check =
    Check { code: "unit-line-too-long", source: include_str!("unit_line_too_long.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    for unit in view.units.iter() {
        for (index, file) in unit.files.iter().enumerate() {
            let mut start = 0;
            for line in file.text.split('\n') {
                if line.len() > UnitText::MAX_LINE {
                    told.insert(unit.name());
                    let span = unit.span(view.sources, index, &(start..start + line.len()));
                    let label = "Ignition refuses the whole config";
                    diags.report_once(
                        Diagnostic::error(CHECK.code, span, title(unit.name(), line), label).help(
                            "break it at a blank: end the line with `\\` and go on in the next one",
                        ),
                    );
                }
                start += line.len() + 1;
            }
        }
    }
    for unit in view.machines.iter().flat_map(|machine| &machine.units) {
        let texts = unit.contents.iter().chain(unit.dropins.values());
        let long = texts.flat_map(|text| text.split('\n'));
        let long = long.max_by_key(|line| line.len()).unwrap_or_default();
        if long.len() > UnitText::MAX_LINE && told.insert(&unit.name.value) {
            let label = "a word of this is too long for a line";
            diags.report_once(
                Diagnostic::error(CHECK.code, unit.name.span, title(&unit.name.value, long), label)
                    .help(
                        "shorten it, or put it into a file below `files` that the container binds",
                    ),
            );
        }
    }
}

fn title(unit: &str, line: &str) -> String {
    let (bytes, most) = (line.len(), UnitText::MAX_LINE);
    format!("a line of `{unit}` has {bytes} bytes, Ignition takes {most}")
}
