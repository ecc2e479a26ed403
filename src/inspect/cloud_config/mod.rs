//! CoreOS cloud-config, as coreos-cloudinit reads it on today's Flatcar.
//!
//! What is dropped there without a word is told, and is not part of the machine that is shown.

mod build;
mod keys;
mod nodes;
mod sections;

use super::machine::Found;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::os;
use crate::source::{Edit, FileId, Sources, Span, parse};

/// What the first line must be.
pub(super) const HEADER: &str = "#cloud-config";

/// Reads a cloud-config; `None` where it is not YAML.
pub(super) fn read(
    title: String,
    file: FileId,
    sources: &Sources,
    diags: &mut Diagnostics,
) -> Option<Found> {
    let text = sources.text(file);
    let first = text.lines().next().unwrap_or("");
    if first.trim_end() != HEADER {
        let span = Span::new(file, 0, first.len());
        let title = format!("the first line is not `{HEADER}`");
        diags.report(
            Diagnostic::error(
                "cloud-config-header",
                span,
                title,
                "coreos-cloudinit reads no further",
            )
            .help(format!("write `{HEADER}` above it, alone on its line"))
            .edit(Edit::above(span, first, HEADER)),
        );
    }
    let tree = match parse(file, text) {
        Ok(tree) => tree,
        Err(faults) => {
            for fault in faults {
                diags.report(fault.into());
            }
            return None;
        }
    };
    let mut found = Found::new(title, "cloud-config", os::DEFAULT, text.len());
    sections::check(&tree, diags);
    build::read(&tree, &mut found, diags);
    Some(found)
}
