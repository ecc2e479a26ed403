//! Two units of one machine run containers of one name.
//!
//! # Why
//! A name belongs to one container: whichever unit starts second fails, or removes the other's container before it
//! starts its own.
//!
//! # Fix
//! Give each its own name, or keep them on machines of different roles.

use std::collections::BTreeMap;

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Edit, Span};
use crate::unitfile::RawUnit;

pub(super) const CHECK: Check =
    Check { code: "container-name-shared", source: include_str!("container_name_shared.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let mut taken: BTreeMap<String, Vec<(String, Span)>> = BTreeMap::new();
    for container in &view.containers {
        let name = &container.name;
        let unit = format!("{}.service", name.value);
        taken.entry(name.value.clone()).or_default().push((unit, name.span));
    }
    for run in view.units.runs().filter(|run| run.unit.position == 0) {
        let Some(word) = run.name().filter(|word| !word.text.contains(['$', '%', '{'])) else {
            continue;
        };
        let (unit, span) = (run.unit.name(), run.span(view.sources, &word.at));
        let name = &word.text;
        let others = taken.entry(name.clone()).or_default();
        match others.iter().find(|(other, _)| other != unit) {
            Some((other, place)) => {
                let title = format!("`{unit}` and `{other}` both run a container `{name}`");
                let finding =
                    Diagnostic::error(CHECK.code, span, title, "taken on the same machine");
                let stem = unit.split(['.', '@']).next().unwrap_or(unit);
                let mut finding = finding.related(*place, "here already");
                if stem == name.as_str() {
                    finding = finding.help("give it another name, or put it into another role");
                } else {
                    finding = finding.help(format!(
                        "name it `{stem}`, after its own unit, or put it into another role"
                    ));
                    finding.edits = renamed(view, run.unit, name, stem);
                }
                diags.report_once(finding);
            }
            // of one unit, the first says where
            None if others.is_empty() => others.push((unit.to_owned(), span)),
            None => {}
        }
    }
}

/// Returns the edits that give a container another name, in every command that names it.
fn renamed(view: &View<'_>, unit: &RawUnit<'_>, old: &str, new: &str) -> Vec<Edit> {
    let calls = unit.commands.iter().filter_map(|command| Some((command, command.call.as_ref()?)));
    let words = calls
        .flat_map(|(command, call)| call.names().into_iter().map(move |word| (command.file, word)));
    words
        .filter(|(_, word)| word.text == old)
        .map(|(file, word)| unit.replace(view.sources, file, &word.at, new))
        .collect()
}
