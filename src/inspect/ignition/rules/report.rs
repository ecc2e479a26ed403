//! How a rule says what it found.

use std::collections::BTreeMap;

use super::super::node::{named, said};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::clean_path;
use crate::source::{Edit, Node, Span, Spanned};

/// The rules of one version of spec 3.
pub(super) struct Rules<'d> {
    /// The minor version.
    pub(super) minor: u32,
    pub(super) diags: &'d mut Diagnostics,
}

impl Rules<'_> {
    pub(super) fn wrong(&mut self, span: Span, title: String, help: &str) {
        self.diags.report(refused(span, title).help(help));
    }

    pub(super) fn fails(&mut self, span: Span, title: String, help: &str) {
        let label = "Ignition takes it, and fails when the machine boots";
        self.diags.report(Diagnostic::error("ignition-wrong-value", span, title, label).help(help));
    }

    pub(super) fn useless(&mut self, span: Span, title: String, label: &str, help: &str) {
        self.diags.report(Diagnostic::warning("ignition-warning", span, title, label).help(help));
    }

    /// Reports entries of a list that have the same key; those without it have a rule of their own.
    pub(super) fn twice(&mut self, items: &[Node], what: &str, key: &str) {
        self.twice_among(items.iter().filter_map(|item| named(item, key)), what);
    }

    fn twice_among(&mut self, keys: impl Iterator<Item = Spanned<String>>, what: &str) {
        let mut taken = BTreeMap::new();
        for Spanned { value: key, span } in keys {
            let Some(first) = taken.insert(key.clone(), span) else { continue };
            let title = format!("{what} `{key}` comes twice");
            let found = refused(span, title).related(first, "the first time");
            self.diags.report(found.help("remove one of the two"));
        }
    }

    /// Reports texts of a list that come twice.
    pub(super) fn texts_twice(&mut self, items: &[Node], what: &str) {
        let texts = items.iter().filter_map(|item| Some(Spanned::new(said(item)?, item.span)));
        self.twice_among(texts, what);
    }

    pub(super) fn path(&mut self, node: &Node, key: &str) {
        let path = said(node).unwrap_or_default();
        let found = if path.is_empty() {
            return self.wrong(node.span, format!("`{key}` is empty"), "write a path");
        } else if !path.starts_with('/') {
            (format!("`{path}` is no absolute path"), format!("/{}", path.trim_start_matches("./")))
        } else if clean_path(&path) != path {
            (format!("`{path}` is not written as short as it can be"), clean_path(&path))
        } else {
            return;
        };
        let (title, meant) = found;
        let found = refused(node.span, title).help(format!("write `{meant}`"));
        self.diags.report(found.edit(Edit::write(node.span, format!("\"{meant}\""))));
    }
}

/// Returns the finding of what Ignition's validation refuses.
fn refused(span: Span, title: String) -> Diagnostic {
    Diagnostic::error("ignition-wrong-value", span, title, "Ignition refuses the config")
}
