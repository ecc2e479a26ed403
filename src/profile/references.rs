//! Which other roles a profile refers to.

use std::collections::BTreeMap;

use super::instance::written_kinds;
use super::schema::{Field, Form, Grammar, Type};
use super::tags;
use crate::source::{Kind, Node, Sources, Span, Spanned, Style, locate};

/// Finds the roles a profile refers to: `role.<name>` in templates, and keys whose value is the name of one.
pub(super) fn references(
    tree: &Node,
    grammar: &Grammar,
    sources: &Sources,
) -> Vec<Spanned<String>> {
    let mut found: BTreeMap<String, Span> = BTreeMap::new();
    in_templates(tree, sources, &mut found);
    of_record(tree, &grammar.fields(), &mut found);
    for (name, kind) in written_kinds(tree, grammar) {
        if let Some(node) = tree.get("services").and_then(|services| services.get(&name.value)) {
            of_record(node, kind.keys, &mut found);
        }
    }
    found
        .into_iter()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, span)| Spanned::new(name, span))
        .collect()
}

fn in_templates(tree: &Node, sources: &Sources, found: &mut BTreeMap<String, Span>) {
    let mut stack = vec![tree];
    while let Some(node) = stack.pop() {
        match &node.kind {
            Kind::Null => {}
            Kind::Scalar(text, style) => {
                // what is too large is refused when it is read
                if *style != Style::Verbatim && tags::too_large(text).is_none() {
                    for (at, name) in tags::roles(text) {
                        let place = locate(sources, node.span, text, at, name.len());
                        found.entry(name.to_owned()).or_insert(place);
                    }
                }
            }
            Kind::List(items) => stack.extend(items),
            Kind::Map(entries) => stack.extend(entries.iter().map(|(_, node)| node)),
        }
    }
}

fn of_record(node: &Node, fields: &[Field], found: &mut BTreeMap<String, Span>) {
    for field in fields {
        if let Some(node) = node.get(field.name) {
            of_type(node, &field.of, found);
        }
    }
}

fn of_type(node: &Node, of: &Type, found: &mut BTreeMap<String, Span>) {
    match of.form() {
        Form::Scalar => {
            if let (Type::Role, Kind::Scalar(name, _)) = (of, &node.kind) {
                found.insert(name.clone(), node.span);
            }
        }
        Form::Record(fields) => of_record(node, fields, found),
        Form::List(of) => {
            if let Kind::List(items) = &node.kind {
                for item in items {
                    of_type(item, of, found);
                }
            }
        }
        Form::Map(_, of) => {
            for (_, node) in node.entries().unwrap_or_default() {
                of_type(node, of, found);
            }
        }
        Form::Either(types) => {
            for of in types {
                of_type(node, of, found);
            }
        }
        Form::Services | Form::Free => {}
    }
}
