//! Two units of one machine run containers of one name.
//!
//! # Why
//! A name belongs to one container: whichever unit starts second fails, or removes the other's container before it
//! starts its own.
//!
//! # Fix
//! Give each its own name, or keep them on machines of different roles.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Edit, Span};
use crate::unitfile::RawUnit;

pub(super) const CHECK: Check =
    Check { code: "container-name-shared", source: include_str!("container_name_shared.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let mut taken: Vec<(String, String, Span)> = Vec::new();
    for container in &view.containers {
        let name = &container.name;
        taken.push((name.value.clone(), format!("{}.service", name.value), name.span));
    }
    for run in view.units.runs().filter(|run| run.unit.position == 0) {
        let Some(word) = run.name().filter(|word| !word.text.contains(['$', '%', '{'])) else {
            continue;
        };
        let (unit, span) = (run.unit.name(), run.span(view.sources, &word.at));
        match taken.iter().find(|(name, other, _)| *name == word.text && other != unit) {
            Some((name, other, place)) => {
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
            None => taken.push((word.text.clone(), unit.to_owned(), span)),
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
