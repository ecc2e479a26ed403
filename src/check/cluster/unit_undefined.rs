//! A container or a unit waits for a unit that there is not.
//!
//! # Why
//! systemd passes over a name in `After=` and `Wants=` that no unit has: what was to wait starts at once, beside what
//! it was to wait for. With `Requires=` and `BindsTo=` it never starts. Neither is told but in the journal of the
//! machine.
//!
//! # Fix
//! Correct the name: `postgres.service` is the unit of the container `postgres`. Of the system's own units those are
//! known that profiles refer to; if this one is there all the same, allow the finding with that reason.

use std::collections::BTreeSet;

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::os::{self, System};
use crate::source::{Edit, Span};
use crate::unitfile::RawUnits;

pub(super) const CHECK: Check =
    Check { code: "unit-undefined", source: include_str!("unit_undefined.rs"), run };

/// Units that systemd makes by itself: of disks, paths and groups of processes.
const MADE: [&str; 6] = ["automount", "device", "mount", "scope", "slice", "swap"];

/// Directives of a unit that name others, and whether it cannot do without them.
const DIRECTIVES: [(&str, bool); 4] =
    [("After", false), ("Wants", false), ("Requires", true), ("BindsTo", true)];

/// A unit that another names.
struct Named<'a> {
    /// The key or directive, as it is called.
    by: String,
    /// The unit of whoever names it.
    own: String,
    /// Whether it cannot start without.
    is_required: bool,
    name: &'a str,
    place: Span,
    /// Returns the edit that writes another name.
    edit: &'a dyn Fn(&str) -> Edit,
}

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let system = os::table(facts.role.target.os.value);
    let machines = facts.machines.iter().flat_map(|machine| &machine.units);
    let mut known: BTreeSet<&str> = machines.map(|unit| unit.name.value.as_str()).collect();
    for name in system.brought() {
        known.insert(name);
    }
    for container in &facts.role.containers {
        let lists = [
            ("after", &container.after),
            ("requires", &container.requires),
            ("wants", &container.wants),
        ];
        for (key, unit) in
            lists.iter().flat_map(|(key, units)| units.iter().map(move |it| (*key, it)))
        {
            let named = Named {
                by: format!("`containers.{}.{key}`", container.name.value),
                own: format!("{}.service", container.name.value),
                is_required: key == "requires",
                name: &unit.value,
                place: unit.span,
                edit: &|near| Edit::write(unit.span, near),
            };
            named.report(system, &known, diags);
        }
    }
    let (specs, nodes) = (&facts.role.units, facts.role.nodes.len());
    let units = RawUnits::read(specs, nodes, facts.machines);
    for unit in units.iter() {
        for (key, is_required) in DIRECTIVES {
            for (file, option) in unit.all("Unit", key) {
                for (place, name) in unit.words_of(facts.sources, file, option) {
                    // an instance's own name, and whatever else systemd fills in
                    if name.contains('%') {
                        continue;
                    }
                    let named = Named {
                        by: format!("`{key}=` of `{}`", unit.name()),
                        own: unit.name().to_owned(),
                        is_required,
                        name,
                        place,
                        edit: &|near| Edit::replace(place, name, near),
                    };
                    named.report(system, &known, diags);
                }
            }
        }
    }
}

impl Named<'_> {
    /// Reports it where neither the machine nor the system has it.
    fn report(&self, system: &System, known: &BTreeSet<&str>, diags: &mut Diagnostics) {
        let Self { by, own, is_required, name, place, edit } = self;
        let template = name
            .split_once('@')
            .and_then(|(stem, rest)| Some(format!("{stem}@.{}", rest.rsplit_once('.')?.1)));
        let is_template = template.is_some_and(|template| known.contains(template.as_str()));
        let is_made = name.rsplit_once('.').is_some_and(|(_, kind)| MADE.contains(&kind));
        if known.contains(name) || is_template || is_made || system.has_unit(name) {
            return;
        }
        let title = format!("{by} names `{name}`, and there is no such unit");
        let found = if *is_required {
            Diagnostic::error(CHECK.code, *place, title, "it would never start")
        } else {
            Diagnostic::warning(CHECK.code, *place, title, "passed over by systemd")
        };
        let others = known.iter().copied().filter(|known| known != own);
        diags.report_once(match nearest(name, others) {
            Some(near) => found.help(format!("did you mean `{near}`?")).edit(edit(near)),
            None => {
                found.help(format!("remove `{name}`, or declare it under `units` or `containers`"))
            }
        });
    }
}
