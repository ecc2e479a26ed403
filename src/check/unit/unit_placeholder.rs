//! A unit still holds a placeholder.
//!
//! # Why
//! `<BUCKET_NAME>` reaches the program as it is written, and what is filled in by hand differs from copy to copy.
//!
//! # Fix
//! Name the file `NAME.service.hbs`, declare the value under `vars:`, and write `{{vars.bucket}}`; a secret comes from
//! the environment of the build or, on AWS, not at all: an instance role needs no key.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "unit-placeholder", source: include_str!("unit_placeholder.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        let mut places = Vec::new();
        for (file, option) in unit.options() {
            let text = &option.value.text;
            for (at, length) in placeholders(text) {
                let written = text.get(at..at + length).unwrap_or("");
                places.push((
                    unit.span(view.sources, file, &option.value.place(at..at + length)),
                    written,
                ));
            }
        }
        let Some(((span, written), others)) = places.split_first() else { continue };
        let title = match others.len() {
            0 => format!("`{}` still holds the placeholder `{written}`", unit.name()),
            more => format!("`{}` still holds {} placeholders", unit.name(), more + 1),
        };
        let name = written.trim_matches(['<', '>']).to_ascii_lowercase().replace('-', "_");
        let mut finding =
            Diagnostic::error(CHECK.code, *span, title, "reaches the program as it is written");
        for (span, _) in others {
            finding = finding.related(*span, "this too");
        }
        diags.report_once(finding.help(format!(
            "{}declare `vars: {{ {name}: {{ type: string }} }}` and write `{{{{vars.{name}}}}}`",
            unit.made_template(view.sources)
        )));
    }
}

/// Returns place and length of each `<NAME>`.
fn placeholders(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('<') {
        let inner = text.get(at + 1..).unwrap_or("");
        let Some(end) = inner.find('>') else { break };
        let name = inner.get(..end).unwrap_or("");
        let is_name = name.len() > 1
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if is_name {
            found.push((at, end + 2));
        }
    }
    found
}
