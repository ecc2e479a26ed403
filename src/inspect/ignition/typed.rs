//! A config as Ignition's own types take it: keys that the stated version has, values of the right type.

use super::node::folds_to;
use super::spec::{self, Takes};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::source::{Edit, Kind, Node, Spanned, Style};

/// Returns the config with what Ignition reads of it, under the names that it gives the keys; what it refuses, and what
/// it leaves out, is reported. `minor` is the minor version of spec 3.
pub(super) fn typed(tree: &Node, minor: u32, diags: &mut Diagnostics) -> Node {
    let typed = Reader { minor, diags }.object(tree, spec::CONFIG, "");
    typed.unwrap_or_else(|| Node::new(tree.span, Kind::Map(Vec::new())))
}

struct Reader<'d> {
    minor: u32,
    diags: &'d mut Diagnostics,
}

impl Reader<'_> {
    /// Reads an object; `path` names it as `storage.files`.
    fn object(&mut self, node: &Node, object: &'static str, path: &str) -> Option<Node> {
        let Some(entries) = node.entries() else {
            let what = if path.is_empty() { "the config".to_owned() } else { format!("`{path}`") };
            self.wrong_type(node, &what, Takes::Object(object));
            return None;
        };
        let rows = spec::of(object);
        let mut read: Vec<(Spanned<String>, Node)> = Vec::new();
        for (name, value) in entries {
            let exact = rows.iter().find(|row| row.key == name.value);
            // Go reads a key whatever its case is
            let alike = || rows.iter().find(|row| folds_to(&name.value, row.key));
            let Some(row) = exact.or_else(alike) else {
                self.unknown(name, rows.iter().map(|row| row.key).collect(), path);
                continue;
            };
            let full =
                if path.is_empty() { row.key.to_owned() } else { format!("{path}.{}", row.key) };
            if row.since(path) > self.minor {
                self.newer(name, &full, row.since(path));
                continue;
            }
            if exact.is_none() {
                let title = format!("`{full}` is written as `{}`", name.value);
                let found = Diagnostic::warning(
                    "ignition-unknown-key",
                    name.span,
                    title,
                    "Ignition reads it, and warns of a key that it does not know",
                );
                self.diags.report(found.help(format!("write `{}`", row.key)).edit(Edit::replace(
                    name.span,
                    name.value.as_str(),
                    row.key,
                )));
            }
            if let Some(value) = self.value(value, row.takes, &full) {
                read.retain(|(name, _)| name.value != row.key);
                read.push((Spanned::new(row.key.to_owned(), name.span), value));
            }
        }
        Some(Node::new(node.span, Kind::Map(read)))
    }

    /// Reads a value; `null` says nothing, wherever it stands.
    fn value(&mut self, node: &Node, takes: Takes, path: &str) -> Option<Node> {
        match (takes, &node.kind) {
            (_, Kind::Null) => None,
            (Takes::Object(object), _) => self.object(node, object, path),
            (Takes::Objects(_) | Takes::Texts, Kind::List(items)) => {
                let inner = if let Takes::Objects(object) = takes {
                    Takes::Object(object)
                } else {
                    Takes::Text
                };
                // an item that says nothing is still one
                let empty = || {
                    if inner == Takes::Text {
                        Kind::Scalar(String::new(), Style::Quoted)
                    } else {
                        Kind::Map(Vec::new())
                    }
                };
                let items = items.iter().filter_map(|item| match item.kind {
                    Kind::Null => Some(Node::new(item.span, empty())),
                    Kind::Scalar(..) | Kind::List(_) | Kind::Map(_) => {
                        self.value(item, inner, path)
                    }
                });
                Some(Node::new(node.span, Kind::List(items.collect())))
            }
            (takes, Kind::Scalar(text, style)) if fits(takes, text, *style) => Some(node.clone()),
            (takes, _) => {
                self.wrong_type(node, &format!("`{path}`"), takes);
                None
            }
        }
    }

    fn wrong_type(&mut self, node: &Node, what: &str, takes: Takes) {
        let must_be = takes.words();
        let title = format!("{what} must be {must_be}");
        let label = format!("{}: Ignition refuses the config", kind(node));
        let found = Diagnostic::error("ignition-wrong-type", node.span, title, label);
        self.diags.report(match meant(node, takes) {
            Some(meant) => {
                found.help(format!("write `{meant}`")).edit(Edit::write(node.span, meant))
            }
            None => found.help(format!("write {must_be}")),
        });
    }

    fn newer(&mut self, name: &Spanned<String>, path: &str, since: u32) {
        let title = format!("spec 3.{}.0 has no `{path}`", self.minor);
        self.diags.report(
            Diagnostic::warning(
                "ignition-not-in-version",
                name.span,
                title,
                "Ignition leaves it out, with a warning in its log",
            )
            .help(format!("set `ignition.version` to 3.{since}.0 or newer, or remove the key")),
        );
    }

    fn unknown(&mut self, name: &Spanned<String>, known: Vec<&str>, path: &str) {
        let key = name.value.as_str();
        let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
        let title = format!("Ignition has no key `{key}`{place}");
        let label = "Ignition leaves it out, with a warning in its log";
        let mut finding = Diagnostic::warning("ignition-unknown-key", name.span, title, label)
            .help(suggestion(key, known.iter().copied()));
        if let Some(meant) = nearest(key, known) {
            finding = finding.edit(Edit::replace(name.span, key, meant));
        }
        self.diags.report(finding);
    }
}

fn fits(takes: Takes, text: &str, style: Style) -> bool {
    match takes {
        Takes::Text => style == Style::Quoted,
        Takes::Number => style == Style::Plain && text.parse::<i64>().is_ok(),
        Takes::Boolean => style == Style::Plain && matches!(text, "true" | "false"),
        Takes::Object(_) | Takes::Objects(_) | Takes::Texts => false,
    }
}

/// Returns what a node is, in words.
fn kind(node: &Node) -> &'static str {
    match &node.kind {
        Kind::Null => "null",
        Kind::List(_) => "a list",
        Kind::Map(_) => "an object",
        Kind::Scalar(_, Style::Quoted | Style::Block | Style::Verbatim) => "a text",
        Kind::Scalar(text, Style::Plain) if matches!(text.as_str(), "true" | "false") => {
            "a boolean"
        }
        Kind::Scalar(..) => "a number of another kind",
    }
}

/// Returns what was meant where the value is right and only its type is not.
fn meant(node: &Node, takes: Takes) -> Option<String> {
    let Kind::Scalar(text, style) = &node.kind else { return None };
    let is_plain = *style == Style::Plain;
    match takes {
        Takes::Text if is_plain => Some(format!("\"{text}\"")),
        Takes::Boolean if !is_plain => {
            matches!(text.as_str(), "true" | "false").then(|| text.clone())
        }
        Takes::Number if !is_plain => match text.strip_prefix('0') {
            // with a zero in front, octal digits are meant
            Some(octal) if !octal.is_empty() => {
                u32::from_str_radix(octal, 8).ok().map(|number| number.to_string())
            }
            _ => text.parse::<i64>().ok().map(|number| number.to_string()),
        },
        Takes::Text
        | Takes::Boolean
        | Takes::Number
        | Takes::Object(_)
        | Takes::Objects(_)
        | Takes::Texts => None,
    }
}
