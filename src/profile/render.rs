//! Renders trees: every scalar that is a template, per node where nodes differ.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::tags::sole_variable;
use super::template::{Engine, is_template};
use super::value::{Scalar, Texts, Value, ValueKind};
use super::vars::Variables;
use crate::diagnostic::{Diagnostic, Diagnostics, Reported};
use crate::model::{Piece, Text};
use crate::source::{Kind, Node, Sources, Span, Style, odd_character};

/// Sections that are about the profile itself.
const ABOUT: [&str; 2] = ["extends", "vars"];

/// Renders trees.
pub(super) struct Renderer<'a> {
    engine: &'a mut Engine,
    sources: &'a Sources,
    pub(super) diags: &'a mut Diagnostics,
    variables: &'a Variables,
    /// What `node` means on each node; empty while nodes are not known.
    pub(super) nodes: Vec<Json>,
    /// Whether anything could not be rendered; it has been reported.
    pub(super) failed: bool,
    /// In which sections that was.
    pub(super) faulty: BTreeSet<String>,
}

impl<'a> Renderer<'a> {
    /// Returns a renderer that sees variables only.
    pub(super) fn new(
        engine: &'a mut Engine,
        sources: &'a Sources,
        diags: &'a mut Diagnostics,
        variables: &'a Variables,
    ) -> Self {
        Self {
            engine,
            sources,
            diags,
            variables,
            nodes: Vec::new(),
            failed: false,
            faulty: BTreeSet::new(),
        }
    }

    /// Ends a stage on what could not be rendered: what is made from it would only be wrong again.
    pub(super) fn stop(&self) -> Result<(), Reported> {
        if self.failed { self.diags.stop() } else { Ok(()) }
    }

    /// Renders only the named sections of a tree.
    pub(super) fn sections(&mut self, tree: &Node, names: &[&str]) -> Value {
        let entries = tree.entries().unwrap_or_default();
        let entries = entries.iter().filter(|(name, _)| names.contains(&name.value.as_str()));
        let entries =
            entries.map(|(name, node)| (name.clone(), self.section(&name.value, node))).collect();
        Value { span: tree.span, kind: ValueKind::Map(entries) }
    }

    /// Renders all other sections, and takes over those that were rendered early; nodes only now decide what differs.
    pub(super) fn late(&mut self, tree: &Node, early: &Value) -> Value {
        let mut entries = Vec::new();
        for (name, node) in tree.entries().unwrap_or_default() {
            let value = match early.get(&name.value) {
                Some(value) => value.clone(),
                None if ABOUT.contains(&name.value.as_str()) => {
                    let mut about = as_written(node);
                    hide_defaults(&mut about);
                    about
                }
                None if name.value.starts_with("x-") => continue,
                None => self.section(&name.value, node),
            };
            entries.push((name.clone(), value));
        }
        Value { span: tree.span, kind: ValueKind::Map(entries) }
    }

    fn section(&mut self, name: &str, node: &Node) -> Value {
        let before = std::mem::replace(&mut self.failed, false);
        let value = self.value(node);
        if self.failed {
            self.faulty.insert(name.to_owned());
        }
        self.failed |= before;
        value
    }

    /// Renders a tree.
    pub(super) fn value(&mut self, node: &Node) -> Value {
        let kind = match &node.kind {
            Kind::Null => ValueKind::Null,
            // what cannot be rendered has been reported: nothing stands there, so that no second finding follows
            Kind::Scalar(text, style) => {
                let scalar = self.scalar(text, *style, node.span);
                self.failed |= scalar.is_none();
                scalar.map_or(ValueKind::Null, ValueKind::Scalar)
            }
            Kind::List(items) => ValueKind::List(
                items
                    .iter()
                    .map(|item| (item, self.value(item)))
                    .filter(|(item, value)| {
                        value.kind != ValueKind::Null || item.kind == Kind::Null
                    })
                    .map(|(_, value)| value)
                    .collect(),
            ),
            Kind::Map(entries) => ValueKind::Map(
                entries.iter().map(|(name, node)| (name.clone(), self.value(node))).collect(),
            ),
        };
        Value { span: node.span, kind }
    }

    /// Returns whether a variable's value went into a text and is more than its line there: it has several lines, or a
    /// backslash before the line end.
    fn has_lines(&self, name: &str, texts: &Texts) -> bool {
        let Some(value) = self.variables.values.get(name).and_then(Json::as_str) else {
            return false;
        };
        let part = match value {
            _ if value.contains('\n') => value.to_owned(),
            _ if value.ends_with('\\') => format!("{value}\n"),
            _ => return false,
        };
        let holds = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains(&part));
        texts.all().iter().any(|text| text.pieces().iter().any(holds))
    }

    /// Keeps what helpers have made of secrets out of messages, and known as secret wherever it comes to stand.
    fn hide_made(&mut self) {
        let known =
            self.variables.secrets.iter().filter_map(|name| self.variables.values.get(name));
        let known = known.filter_map(Json::as_str).filter(|secret| !secret.is_empty());
        let mut known: Vec<String> = known.map(str::to_owned).collect();
        for (of, text) in self.engine.made() {
            if of.iter().any(|of| known.iter().any(|secret| of.contains(secret.as_str()))) {
                self.diags.hide(&text);
                known.push(text);
            }
        }
    }

    fn scalar(&mut self, text: &str, style: Style, span: Span) -> Option<Scalar> {
        if style == Style::Verbatim || !is_template(text) {
            return Some(unrendered(text, style));
        }
        let compiled = match self.engine.compile(text, span, self.sources) {
            Ok(compiled) => compiled,
            Err(found) => {
                for finding in found {
                    self.diags.report(finding);
                }
                return None;
            }
        };
        if !compiled.variables().is_disjoint(&self.variables.unbound) {
            return None;
        }
        let secret = !compiled.variables().is_disjoint(&self.variables.secrets);
        let mut rendered = Vec::new();
        if compiled.differs_by_node() {
            for node in &self.nodes {
                self.engine.set("node", node.clone());
                rendered.push(self.engine.render(&compiled, self.sources));
                if rendered.last().is_some_and(Result::is_err) {
                    break;
                }
            }
        } else {
            rendered.push(self.engine.render(&compiled, self.sources));
        }
        let mut texts = Vec::with_capacity(rendered.len());
        for one in rendered {
            match one {
                Ok(text) => {
                    if let Some(found) = odd_result(&text, span) {
                        self.diags.report(found);
                        return None;
                    }
                    if secret {
                        self.hide_made();
                    }
                    texts.push(text.guarded(secret));
                }
                Err(finding) => {
                    self.diags.report(*finding);
                    return None;
                }
            }
        }
        let first = texts.first().cloned().unwrap_or_default();
        let same = texts.iter().all(|text| *text == first);
        let texts = if same { Texts::Same(first) } else { Texts::Each(texts) };
        let between = sole_variable(text)
            .is_none_or(|(before, _, after)| !before.trim().is_empty() || !after.trim().is_empty());
        let lines_of = compiled
            .variables()
            .iter()
            .find(|name| between && self.has_lines(name, &texts))
            .cloned();
        Some(Scalar { texts, style, rendered: true, lines_of })
    }
}

/// Returns what is wrong with a text that a template has made: a helper or an escape may make what no text may hold.
fn odd_result(text: &Text, span: Span) -> Option<Diagnostic> {
    let (_, odd) = text.pieces().iter().find_map(|piece| match piece {
        Piece::Literal(text) => odd_character(text),
        Piece::Host(_) | Piece::Stack(_) | Piece::Secret(_) => None,
    })?;
    let title = format!("the template makes the character U+{:04X}", u32::from(odd));
    let label = "no configuration file can hold it";
    Some(
        Diagnostic::error("control-character", span, title, label)
            .help("write the text without it, or put the bytes into a file with `local`"),
    )
}

/// Marks the defaults of secret variables as secrets.
fn hide_defaults(variables: &mut Value) {
    let ValueKind::Map(entries) = &mut variables.kind else { return };
    for (_, variable) in entries {
        let is_secret = variable.get("type").and_then(Value::text) == Some("secret");
        let ValueKind::Map(fields) = &mut variable.kind else { continue };
        for (name, value) in fields {
            if let ValueKind::Scalar(scalar) = &mut value.kind
                && let Texts::Same(text) = &mut scalar.texts
            {
                *text = std::mem::take(text).guarded(is_secret && name.value == "default");
            }
        }
    }
}

/// Returns a tree as it was written: what is about the profile itself is no template.
fn as_written(node: &Node) -> Value {
    let kind = match &node.kind {
        Kind::Null => ValueKind::Null,
        Kind::Scalar(text, style) => ValueKind::Scalar(unrendered(text, *style)),
        Kind::List(items) => ValueKind::List(items.iter().map(as_written).collect()),
        Kind::Map(entries) => ValueKind::Map(
            entries.iter().map(|(name, node)| (name.clone(), as_written(node))).collect(),
        ),
    };
    Value { span: node.span, kind }
}

fn unrendered(text: &str, style: Style) -> Scalar {
    Scalar { texts: Texts::Same(Text::literal(text)), style, rendered: false, lines_of: None }
}
