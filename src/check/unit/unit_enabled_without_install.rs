//! A unit is enabled and has no `[Install]` section.
//!
//! # Why
//! Enabling is linking a unit where `WantedBy=` or `RequiredBy=` of `[Install]` say; without them nothing is linked and
//! the unit never starts. Ignition only warns.
//!
//! # Fix
//! Add an `[Install]` section with `WantedBy=multi-user.target`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "unit-enabled-without-install",
    source: include_str!("unit_enabled_without_install.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.whole().filter(|unit| unit.enabled == Some(true)) {
        let keys = ["WantedBy", "RequiredBy", "UpheldBy", "Alias", "Also"];
        if keys.iter().any(|key| unit.words("Install", key).next().is_some()) {
            continue;
        }
        let title = format!("`{}` is enabled, and nothing would start it", unit.name());
        let (span, label) = match unit.section("Install") {
            Some((file, section)) => {
                (unit.span(view.sources, file, &section.at), "names no unit to be started by")
            }
            None => (unit.section_span(view.sources, "Unit"), "no `[Install]` section follows"),
        };
        diags.report_once(
            Diagnostic::error(CHECK.code, span, title, label)
                .related(unit.spec.name.span, "enabled here")
                .help(if unit.section("Install").is_some() {
                    "add `WantedBy=multi-user.target` to it"
                } else {
                    "add `[Install]` and `WantedBy=multi-user.target` at the end"
                })
                .edit(unit.add_options(view.sources, "Install", "WantedBy=multi-user.target")),
        );
    }
}
