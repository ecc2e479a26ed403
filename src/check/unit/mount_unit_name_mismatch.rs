//! The name of a mount unit is not the escaped form of its mount point.
//!
//! # Why
//! systemd finds a mount unit by its name alone and refuses to load one whose `Where=` says something else. Ignition
//! accepts it, and the directory stays empty.
//!
//! # Fix
//! Rename the unit as `systemd-escape --path --suffix=mount WHERE` prints it.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;
use crate::unitfile::escape_path;

pub(super) const CHECK: Check = Check {
    code: "mount-unit-name-mismatch",
    source: include_str!("mount_unit_name_mismatch.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.whole() {
        let (section, key) = match unit.suffix() {
            "mount" => ("Mount", "Where"),
            "automount" => ("Automount", "Where"),
            "swap" => ("Swap", "What"),
            _ => continue,
        };
        let Some((file, option)) = unit.last(section, key) else {
            let title = format!("`{}` has no `{key}=`", unit.name());
            let span = unit.section_span(view.sources, section);
            diags.report_once(
                Diagnostic::error(CHECK.code, span, title, "systemd refuses to load it")
                    .help(format!("add `{key}=` below `[{section}]`")),
            );
            continue;
        };
        let path = &option.value.text;
        let wanted = format!("{}.{}", escape_path(path), unit.suffix());
        if wanted == unit.name() || !path.starts_with('/') || path.contains('%') {
            continue;
        }
        let title = format!("`{}` is not the name of a unit for `{path}`", unit.name());
        diags.report_once(
            Diagnostic::error(CHECK.code, unit.spec.name.span, title, "systemd refuses to load it")
                .related(unit.value_span(view.sources, file, option), "what its name must say")
                .help(format!("rename the unit to `{wanted}`"))
                .edit(Edit::replace(unit.spec.name.span, unit.name(), wanted)),
        );
    }
}
