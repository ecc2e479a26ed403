//! A container waits for a unit that there is not.
//!
//! # Why
//! systemd passes over a name in `After=` and `Wants=` that no unit has: the container starts at once, beside what it
//! was to wait for. With `Requires=` it never starts. Neither is told but in the journal of the machine.
//!
//! # Fix
//! Correct the name: `postgres.service` is the unit of the container `postgres`. Of the system's own units those are
//! known that profiles refer to; if this one is there all the same, allow the finding with that reason.

use std::collections::BTreeSet;

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::os;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "unit-undefined", source: include_str!("unit_undefined.rs"), run };

/// Units that systemd makes by itself: of disks, paths and groups of processes.
const MADE: [&str; 6] = ["automount", "device", "mount", "scope", "slice", "swap"];

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let system = os::table(facts.cluster.target.os.value);
    let machines = facts.machines.iter().flat_map(|machine| &machine.units);
    let mut known: BTreeSet<&str> = machines.map(|unit| unit.name.value.as_str()).collect();
    for name in system.brought() {
        known.insert(name);
    }
    for container in &facts.cluster.containers {
        let own = format!("{}.service", container.name.value);
        let lists = [
            ("after", &container.after),
            ("requires", &container.requires),
            ("wants", &container.wants),
        ];
        for (key, unit) in
            lists.iter().flat_map(|(key, units)| units.iter().map(move |it| (*key, it)))
        {
            let name = unit.value.as_str();
            let template = name
                .split_once('@')
                .and_then(|(stem, rest)| Some(format!("{stem}@.{}", rest.rsplit_once('.')?.1)));
            let is_template = template.is_some_and(|template| known.contains(template.as_str()));
            let is_made = name.rsplit_once('.').is_some_and(|(_, kind)| MADE.contains(&kind));
            if known.contains(name) || is_template || is_made || system.has_unit(name) {
                continue;
            }
            let who = &container.name.value;
            let title =
                format!("`containers.{who}.{key}` names `{name}`, and there is no such unit");
            let found = if key == "requires" {
                Diagnostic::error(CHECK.code, unit.span, title, "it would never start")
            } else {
                Diagnostic::warning(CHECK.code, unit.span, title, "passed over by systemd")
            };
            let others = known.iter().copied().filter(|known| *known != own);
            diags.report(match nearest(name, others) {
                Some(near) => {
                    found.help(format!("did you mean `{near}`?")).edit(Edit::write(unit.span, near))
                }
                None => found
                    .help(format!("remove `{name}`, or declare it under `units` or `containers`")),
            });
        }
    }
}
