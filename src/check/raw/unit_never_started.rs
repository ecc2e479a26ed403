//! Nothing starts a unit: it is not enabled, and no other unit of the machine names it.
//!
//! # Why
//! A unit runs only if something pulls it in: `enabled: true` with an `[Install]` section, a timer, a path or a socket
//! of its name, or another unit's `Wants=` or `Requires=`.
//!
//! # Fix
//! Set `enabled: true` and add `[Install]` with `WantedBy=multi-user.target`, or name it in the unit that needs it.

use super::unit::RawUnit;
use crate::check::{Check, Facts};
use crate::cluster::Placement;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "unit-never-started", source: include_str!("unit_never_started.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for unit in facts.raw.whole() {
        let is_job = ["service", "timer", "socket", "path"].contains(&unit.suffix());
        let is_placed =
            unit.spec.placement != Placement::default() || unit.section("X-Fleet").is_some();
        if unit.enabled(facts).is_some() || !is_job || is_placed || is_named(facts, unit) {
            continue;
        }
        let title = format!("nothing starts `{}`", unit.name());
        let help = if unit.section("Install").is_some() {
            format!("set `enabled: true` under `units.{}`", unit.name())
        } else {
            format!(
                "set `enabled: true` under `units.{}`, and add `[Install]` and `WantedBy=multi-user.target`",
                unit.name()
            )
        };
        let span = unit.spec.name.span;
        let enabled = ["units", unit.name(), "enabled"];
        let mut finding =
            Diagnostic::warning(CHECK.code, span, title, "not enabled, and no unit names it")
                .help(help);
        // the text goes on where the next key begins, so its end comes first
        if unit.section("Install").is_none() {
            finding =
                finding.edit(unit.add_options(facts, "Install", "WantedBy=multi-user.target"));
        }
        diags.report_once(finding.edit(Edit::set(enabled, "true")));
    }
}

/// Tells whether another unit of the machine names this one, by itself or as what a timer of its name starts.
fn is_named(facts: &Facts<'_>, unit: &RawUnit<'_>) -> bool {
    let (name, stem) = (unit.name(), unit.name().rsplit_once('.').map_or("", |(stem, _)| stem));
    let template = stem.split_once('@').map(|(before, _)| format!("{before}@"));
    let units = facts.machines.iter().flat_map(|machine| &machine.units);
    units.filter(|other| other.name.value != name).any(|other| {
        let starts = ["timer", "socket", "path"]
            .iter()
            .any(|suffix| other.name.value == format!("{stem}.{suffix}"));
        let texts = other.contents.iter().chain(other.dropins.values());
        let needle = template.as_deref().unwrap_or(name);
        starts || texts.into_iter().any(|text| text.contains(needle))
    })
}
