//! Two units of one machine run containers of one name.
//!
//! # Why
//! A name belongs to one container: whichever unit starts second fails, or removes the other's container before it
//! starts its own.
//!
//! # Fix
//! Give each its own name, or keep them on machines of different roles.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;

pub(super) const CHECK: Check =
    Check { code: "container-name-shared", source: include_str!("container_name_shared.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let generated =
        facts.parts.first().map(|parts| parts.containers.as_slice()).unwrap_or_default();
    let mut taken: Vec<(String, String, Span)> = Vec::new();
    for container in generated.iter().chain(&facts.cluster.containers) {
        let name = &container.name;
        taken.push((name.value.clone(), format!("{}.service", name.value), name.span));
    }
    for run in facts.raw.runs().filter(|run| run.unit.position == 0) {
        let Some(word) = run.name().filter(|word| !word.text.contains(['$', '%', '{'])) else {
            continue;
        };
        let (unit, span) = (run.unit.name(), run.span(facts, &word.at));
        match taken.iter().find(|(name, other, _)| *name == word.text && other != unit) {
            Some((name, other, place)) => {
                let title = format!("`{unit}` and `{other}` both run a container `{name}`");
                let finding =
                    Diagnostic::error(CHECK.code, span, title, "taken on the same machine");
                diags.report_once(
                    finding
                        .related(*place, "here already")
                        .help("give it the name of its own unit, or put it into another role"),
                );
            }
            None => taken.push((word.text.clone(), unit.to_owned(), span)),
        }
    }
}
