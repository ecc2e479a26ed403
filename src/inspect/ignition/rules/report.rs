//! How a rule says what it found.

use std::collections::BTreeMap;

use super::super::node::said;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::clean_path;
use crate::source::{Edit, Node, Span};

/// The rules of one version of spec 3.
pub(super) struct Rules<'d> {
    /// The minor version.
    pub(super) minor: u32,
    pub(super) diags: &'d mut Diagnostics,
}

impl Rules<'_> {
    pub(super) fn wrong(&mut self, span: Span, title: String, help: &str) {
        let label = "Ignition refuses the config";
        self.diags.report(Diagnostic::error("ignition-wrong-value", span, title, label).help(help));
    }

    pub(super) fn fails(&mut self, span: Span, title: String, help: &str) {
        let label = "Ignition takes it, and fails when the machine boots";
        self.diags.report(Diagnostic::error("ignition-wrong-value", span, title, label).help(help));
    }

    pub(super) fn useless(&mut self, span: Span, title: String, label: &str, help: &str) {
        self.diags.report(Diagnostic::warning("ignition-warning", span, title, label).help(help));
    }

    /// Reports entries of a list that have the same key; what has none is told elsewhere.
    pub(super) fn twice(&mut self, items: &[Node], what: &str, key: &str) {
        let keys = items
            .iter()
            .filter_map(|item| item.get(key))
            .filter_map(|node| Some((said(node)?, node.span)));
        self.twice_among(keys.collect(), what);
    }

    pub(super) fn twice_among(&mut self, keys: Vec<(String, Span)>, what: &str) {
        let mut taken = BTreeMap::new();
        for (key, span) in keys {
            let Some(first) = taken.insert(key.clone(), span) else { continue };
            let title = format!("{what} `{key}` comes twice");
            self.diags.report(
                Diagnostic::error(
                    "ignition-wrong-value",
                    span,
                    title,
                    "Ignition refuses the config",
                )
                .related(first, "the first time")
                .help("remove one of the two"),
            );
        }
    }

    /// Reports texts of a list that come twice.
    pub(super) fn texts_twice(&mut self, items: &[Node], what: &str) {
        self.twice_among(
            items.iter().filter_map(|item| Some((said(item)?, item.span))).collect(),
            what,
        );
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
        self.diags.report(
            Diagnostic::error(
                "ignition-wrong-value",
                node.span,
                title,
                "Ignition refuses the config",
            )
            .help(format!("write `{meant}`"))
            .edit(Edit::write(node.span, format!("\"{meant}\""))),
        );
    }
}

pub(super) fn is_true(node: &Node) -> bool {
    said(node).as_deref() == Some("true")
}
