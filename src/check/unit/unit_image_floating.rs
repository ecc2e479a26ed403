//! A unit pulls or runs an image without a tag, or with the tag `latest`.
//!
//! # Why
//! Such a name is whatever is newest when a machine pulls it: two members run different versions, and a machine that is
//! replaced comes back as something else.
//!
//! # Fix
//! Name a version, or better a digest: `NAME:1.2.3@sha256:…`.

use super::catalogue::{Known, repository};
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;

pub(super) const CHECK: Check =
    Check { code: "unit-image-floating", source: include_str!("unit_image_floating.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        let mut found: Vec<(String, Span)> =
            unit.runs().map(|run| (run.image.clone(), run.image_span(view.sources))).collect();
        for command in &unit.commands {
            let pulled = command
                .call
                .iter()
                .filter(|call| call.verb.text == "pull")
                .flat_map(|call| &call.operands);
            found.extend(
                pulled.map(|word| {
                    (word.text.clone(), unit.span(view.sources, command.file, &word.at))
                }),
            );
        }
        found.retain(|(image, _)| floats(image));
        let Some(((image, span), others)) = found.split_first() else { continue };
        let title = format!("image `{image}` names no version");
        let mut finding =
            Diagnostic::error(CHECK.code, *span, title, "whatever is newest when it is pulled");
        for (_, span) in others.iter().filter(|(other, _)| other == image) {
            finding = finding.related(*span, "the same");
        }
        diags.report_once(match Known::of(image).and_then(|known| known.image.gone) {
            Some(gone) => finding.help(format!("use {}", gone.advice())),
            None => finding.help(format!("name a version: `{}:1.2.3`", repository(image))),
        });
    }
}

/// Returns whether a reference has no tag but `latest`, and no digest.
fn floats(image: &str) -> bool {
    let has_variable = image.contains(['$', '%', '{']);
    let tag = image.strip_prefix(repository(image)).unwrap_or("");
    !image.is_empty() && !has_variable && matches!(tag, "" | ":latest")
}
