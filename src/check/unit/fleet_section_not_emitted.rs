//! A unit has an `[X-Fleet]` section, and nothing on the system reads it.
//!
//! # Why
//! fleet left the last system that had it in 2018. systemd skips sections that start with `X-`: the unit runs on every
//! machine it is written to, with no `Conflicts=` and no `MachineOf=`.
//!
//! # Fix
//! Remove the section. Which node gets what is the profile's matter: a role of its own for each kind of machine.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::os;

pub(super) const CHECK: Check = Check {
    code: "fleet-section-not-emitted",
    source: include_str!("fleet_section_not_emitted.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let os = view.os;
    if os::table(os).has_fleet {
        return;
    }
    for unit in view.units.iter() {
        let Some((file, section)) = unit.section("X-Fleet") else { continue };
        let title = format!("`{}` has an `[X-Fleet]` section, and {os} has no fleet", unit.name());
        let span = unit.span(view.sources, file, &section.at);
        diags.report_once(
            Diagnostic::error(
                CHECK.code,
                span,
                title,
                "nothing reads it: the unit runs on every node",
            )
            .help("remove the section; nodes that differ are roles of their own")
            .edit(unit.drop_section(view.sources, file, &section.at)),
        );
    }
}
