//! CoreOS cloud-config, as coreos-cloudinit reads it on today's Flatcar.
//!
//! What is dropped there without a word is told, and is not part of the machine that is shown.

mod build;
mod keys;
mod nodes;
mod sections;

use super::machine::Found;
use super::packing;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::os;
use crate::source::{Edit, FileId, Kind, Node, Sources, Span, Style, parse_tagged};

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
    let tree = match parse_tagged(file, text) {
        Ok(tree) => untagged(tree),
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

/// Returns a tree with YAML's own tags carried out, as Go's reader does it; other tags it passes over.
fn untagged(node: Node) -> Node {
    let Node { span, kind, replaces } = node;
    let kind = match kind {
        Kind::List(items) => Kind::List(items.into_iter().map(untagged).collect()),
        Kind::Map(mut entries) => match entries.as_mut_slice() {
            [(tag, value)] if tag.value.starts_with('!') => {
                let value = std::mem::replace(value, Node::new(span, Kind::Null));
                match (tag.value.as_str(), untagged(value).kind) {
                    ("!!binary", Kind::Scalar(text, style)) => {
                        let bytes = packing::base64(&text).unwrap_or_default();
                        Kind::Scalar(String::from_utf8_lossy(&bytes).into_owned(), style)
                    }
                    ("!!str", Kind::Scalar(text, _)) => Kind::Scalar(text, Style::Quoted),
                    ("!!str", Kind::Null) => Kind::Scalar(String::new(), Style::Quoted),
                    (_, kind) => kind,
                }
            }
            _ => {
                let entries = entries.into_iter().map(|(name, value)| (name, untagged(value)));
                Kind::Map(entries.collect())
            }
        },
        kind @ (Kind::Null | Kind::Scalar(..)) => kind,
    };
    Node { span, kind, replaces }
}
