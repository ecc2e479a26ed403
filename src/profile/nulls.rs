//! Warns of a `null` that takes nothing back: whoever writes `kafka:` and no more means `kafka: {}`.
//!
//! Of units and files it says nothing: there `null` also takes back what cfgbuild generates.

use std::collections::BTreeMap;

use super::instance::written_kinds;
use super::schema::{Bare, Field, Form, Grammar, Type};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Edit, Kind, Node, Spanned};

/// Reports the idle `null`s of one layer over all below it.
pub(super) fn warn(under: &Node, over: &Node, grammar: &Grammar, diags: &mut Diagnostics) {
    for (name, _) in idle(Some(under), Some(over)) {
        // a section is a service by being there
        if grammar.kind(&name.value).is_some() {
            report(&name.value, name, true, diags);
        }
    }
    record(Some(under), Some(over), &grammar.fields(), "", diags);
    let kinds = written_kinds(under, grammar).chain(written_kinds(over, grammar));
    let kinds: BTreeMap<&str, _> = kinds.map(|(name, kind)| (name.value.as_str(), kind)).collect();
    for (name, kind) in kinds {
        let path = format!("services.{name}");
        let below = under.get("services").and_then(|all| all.get(name));
        let above = over.get("services").and_then(|all| all.get(name));
        record(below, above, kind.keys, &path, diags);
    }
}

/// Looks for maps of things that are there by being named.
fn record(
    under: Option<&Node>,
    over: Option<&Node>,
    fields: &[Field],
    path: &str,
    diags: &mut Diagnostics,
) {
    for field in fields {
        let below = under.and_then(|node| node.get(field.name));
        let above = over.and_then(|node| node.get(field.name));
        let path =
            if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
        within(below, above, &field.of, &path, diags);
    }
}

fn within(
    under: Option<&Node>,
    over: Option<&Node>,
    of: &Type,
    path: &str,
    diags: &mut Diagnostics,
) {
    match (of, of.form()) {
        (Type::Named(_, _, bare), _) => named(under, over, path, *bare == Bare::May, diags),
        (_, Form::Services) => named(under, over, path, false, diags),
        (_, Form::Record(fields)) => record(under, over, fields, path, diags),
        (_, Form::Either(types)) => {
            for of in types {
                within(under, over, of, path, diags);
            }
        }
        (_, Form::Scalar | Form::List(_) | Form::Map(..) | Form::Free) => {}
    }
}

fn named(
    under: Option<&Node>,
    over: Option<&Node>,
    path: &str,
    may_be_bare: bool,
    diags: &mut Diagnostics,
) {
    for (name, _) in idle(under, over) {
        report(&format!("{path}.{}", name.value), name, may_be_bare, diags);
    }
}

/// Returns the entries of a map that are `null` where nothing is below them.
fn idle<'n>(
    under: Option<&'n Node>,
    over: Option<&'n Node>,
) -> impl Iterator<Item = &'n (Spanned<String>, Node)> {
    let below = move |name: &str| {
        under.and_then(|node| node.get(name)).is_some_and(|node| node.kind != Kind::Null)
    };
    let entries = over.and_then(Node::entries).unwrap_or_default().iter();
    entries.filter(move |(name, node)| node.kind == Kind::Null && !below(&name.value))
}

fn report(path: &str, name: &Spanned<String>, may_be_bare: bool, diags: &mut Diagnostics) {
    let title = format!("`{path}` is empty, and so is left out");
    let label = "takes back what a parent says, and none says anything";
    let found = Diagnostic::warning("empty-removes-nothing", name.span, title, label);
    diags.report(if may_be_bare {
        let key = name.value.as_str();
        found
            .help(format!("write `{key}: {{}}` to have it with its defaults, or remove it"))
            .edit(Edit::set_beside(name.span, key, "{}"))
            .choice()
    } else {
        found.help("say what it is, or remove it").edit(Edit::remove(name.span)).choice()
    });
}
