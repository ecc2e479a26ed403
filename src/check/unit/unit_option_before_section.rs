//! An option stands before the first section of its unit file.
//!
//! # Why
//! systemd leaves such an option out: it belongs to no section.
//!
//! # Fix
//! Put a section header above it, as `[Service]`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::directives;

pub(super) const CHECK: Check = Check {
    code: "unit-option-before-section",
    source: include_str!("unit_option_before_section.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        for (file, option) in unit.options().filter(|(_, option)| option.section.is_none()) {
            let homes = directives::homes(&option.key, &directives::sections(unit.suffix()));
            let title = format!("`{}=` of `{}` stands before any section", option.key, unit.name());
            let span = unit.span(view.sources, file, &option.key_at);
            let finding = Diagnostic::error(CHECK.code, span, title, "systemd leaves it out");
            diags.report_once(match homes.first() {
                Some(home) => {
                    let header = format!("[{home}]");
                    let edit = unit.add_above(view.sources, file, &option.key_at, &header);
                    finding.help(format!("write `{header}` above it")).edit(edit)
                }
                None => finding.help("write the header of its section above it"),
            });
        }
    }
}
