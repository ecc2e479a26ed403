//! Nothing starts a unit: it is not enabled, and no other unit of the machine names it.
//!
//! # Why
//! A unit runs only if something pulls it in: `enabled: true` with an `[Install]` section, a timer, a path or a socket
//! of its name, or another unit's `Wants=` or `Requires=`.
//!
//! # Fix
//! Set `enabled: true` and add `[Install]` with `WantedBy=multi-user.target`, or name it in the unit that needs it.

use std::collections::BTreeMap;

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Placement;
use crate::source::Edit;
use crate::unitfile::RawUnit;

pub(super) const CHECK: Check =
    Check { code: "unit-never-started", source: include_str!("unit_never_started.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let is_left = |unit: &&RawUnit<'_>| {
        let is_job = ["service", "timer", "socket", "path"].contains(&unit.suffix());
        let is_placed =
            unit.spec.placement != Placement::default() || unit.section("X-Fleet").is_some();
        unit.enabled.is_none() && is_job && !is_placed
    };
    let mut left = view.units.whole().filter(is_left).peekable();
    if left.peek().is_none() {
        return;
    }
    let named = Named::collect(view);
    for unit in left.filter(|unit| !named.starts(unit)) {
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
            finding = finding.edit(unit.add_options(
                view.sources,
                "Install",
                "WantedBy=multi-user.target",
            ));
        }
        diags.report_once(finding.edit(Edit::set(enabled, "true")));
    }
}

/// What other units start: found in one look at every text, for a role may have thousands.
#[derive(Default)]
struct Named<'a> {
    /// The words of the units' texts.
    words: Owned<'a>,
    /// The names, without their suffix, of what starts a service of its name.
    starters: Owned<'a>,
}

/// By each word, the first unit that has it, and whether another one does too.
type Owned<'a> = BTreeMap<&'a str, (&'a str, bool)>;

impl<'a> Named<'a> {
    fn collect(view: &View<'a>) -> Self {
        let mut named = Self::default();
        for unit in view.machines.iter().flat_map(|machine| &machine.units) {
            let owner = unit.name.value.as_str();
            if let Some((stem, "timer" | "socket" | "path")) = owner.rsplit_once('.') {
                note(&mut named.starters, stem, owner);
            }
            for text in unit.contents.iter().chain(unit.dropins.values()) {
                for word in text.split(|c: char| !is_of_a_name(c)) {
                    let word = word.trim_end_matches('.');
                    note(&mut named.words, word, owner);
                    if let Some((template, _)) = word.split_once('@') {
                        note(&mut named.words, word.get(..=template.len()).unwrap_or(""), owner);
                    }
                }
            }
        }
        named
    }

    /// Returns whether another unit of the machine names this one, by itself or as what a timer of its name starts.
    fn starts(&self, unit: &RawUnit<'_>) -> bool {
        let (name, stem) = (unit.name(), unit.name().rsplit_once('.').map_or("", |(stem, _)| stem));
        let template = stem.split_once('@').map(|(before, _)| format!("{before}@"));
        let by_another = |words: &Owned<'_>, word: &str| {
            words.get(word).is_some_and(|(first, others)| *others || *first != name)
        };
        by_another(&self.words, template.as_deref().unwrap_or(name))
            || by_another(&self.starters, stem)
    }
}

fn note<'a>(words: &mut Owned<'a>, word: &'a str, owner: &'a str) {
    let (first, others) = words.entry(word).or_insert((owner, false));
    *others |= *first != owner;
}

/// Returns whether a unit's name may have this character, escaped ones included.
fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.' | '\\' | '@')
}
