//! An option of a unit file is one systemd does not know in its section.
//!
//! # Why
//! systemd leaves it out and says so only in the journal: the unit runs without it.
//!
//! # Fix
//! Correct its name, or move it to the section it belongs to.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::directives;

pub(super) const CHECK: Check = Check {
    code: "unit-unknown-directive",
    source: include_str!("unit_unknown_directive.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        let sections = directives::sections(unit.suffix());
        for (file, option) in unit.options() {
            let Some(section) =
                sections.iter().find(|known| option.section.as_deref() == Some(**known))
            else {
                continue;
            };
            let key = &option.key;
            if key.starts_with("X-") || directives::kind(section, key).is_some() {
                continue;
            }
            let title = format!("`[{section}]` of `{}` has no option `{key}=`", unit.name());
            let span = unit.span(view.sources, file, &option.key_at);
            let finding = Diagnostic::error(CHECK.code, span, title, "systemd leaves it out");
            let home = directives::homes(key, &sections).into_iter().next();
            diags.report_once(match (home, directives::meant(section, key)) {
                (Some(home), _) => {
                    let line = format!("{key}={}", option.value.text);
                    finding
                        .help(format!("it belongs to `[{home}]`: move it there"))
                        .edit(unit.drop_option(view.sources, file, option))
                        .edit(unit.add_options(view.sources, home, &line))
                }
                (None, Some(meant)) => finding
                    .help(format!("did you mean `{meant}=`?"))
                    .edit(unit.replace(view.sources, file, &option.key_at, meant)),
                (None, None) => finding
                    .help("remove the line; a name for other programs starts with `X-`")
                    .edit(unit.drop_option(view.sources, file, option)),
            });
        }
    }
}
