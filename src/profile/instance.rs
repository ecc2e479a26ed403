//! Services as instances: a section named after its kind, or an entry of `services` that says its kind.
//!
//! What a kind is, the grammar says; what several instances on one machine mean is not known here.

use std::collections::BTreeMap;

use super::scalar;
use super::schema::{Grammar, Section};
use super::value::{Value, ValueKind};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::source::{Edit, Kind, Node, Spanned};

/// The section of services under names of their own.
const SERVICES: &str = "services";
/// The key of an instance that says what it is.
const KIND: &str = "kind";

/// A service of a role.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its name: that of its kind where it is a section of its own.
    pub name: Spanned<String>,
    /// The word of its kind.
    pub kind: &'static str,
    /// Where it stands in the profile, as `kafka` or `services.audit`.
    pub path: String,
    /// What it says, with the defaults of its kind.
    pub section: Value,
}

impl Instance {
    /// Returns the port that a key says.
    pub fn port(&self, key: &str) -> Option<u16> {
        let number = scalar::integer(self.section.get(key)?.text()?)?;
        u16::try_from(number).ok().filter(|port| *port > 0)
    }
}

/// Returns the services of a rendered tree: sections in the order of the grammar, then `services` as written.
pub(super) fn instances(tree: &Value, grammar: &Grammar) -> Vec<Instance> {
    let is_map = |value: &Value| matches!(value.kind, ValueKind::Map(_));
    let short = grammar.kinds.iter().filter_map(|kind| {
        let (name, section) = tree.entries().iter().find(|(name, _)| name.value == kind.word)?;
        let path = kind.word.to_owned();
        is_map(section).then_some((name, *kind, path, section))
    });
    let named = tree.get(SERVICES).map(Value::entries).unwrap_or_default();
    let named = named.iter().filter_map(|(name, section)| {
        let kind = kind_of(section).and_then(|kind| grammar.kind(kind.value))?;
        Some((name, kind, format!("{SERVICES}.{}", name.value), section))
    });
    short
        .chain(named)
        .map(|(name, kind, path, section)| Instance {
            name: name.clone(),
            kind: kind.word,
            path,
            section: section.clone(),
        })
        .collect()
}

/// Returns the entries of `services` whose kind is known, in a tree as it is written.
pub(super) fn written_kinds<'n>(
    tree: &'n Node,
    grammar: &Grammar,
) -> impl Iterator<Item = (&'n Spanned<String>, &'static Section)> {
    let services = tree.get(SERVICES).and_then(Node::entries).unwrap_or_default();
    services.iter().filter_map(|(name, node)| {
        let Kind::Scalar(word, _) = &node.get(KIND)?.kind else { return None };
        Some((name, grammar.kind(word)?))
    })
}

/// Returns the sections of all services of a tree as it is written, with their kinds.
pub(super) fn written_sections<'n>(
    tree: &'n Node,
    grammar: &Grammar,
) -> impl Iterator<Item = (&'n Node, &'static Section)> {
    let short = grammar.kinds.iter().filter_map(|kind| Some((tree.get(kind.word)?, *kind)));
    let named = written_kinds(tree, grammar)
        .filter_map(|(name, kind)| Some((tree.get(SERVICES)?.get(&name.value)?, kind)));
    short.chain(named)
}

/// Returns what an instance calls its kind. What decides which keys it has is no template.
fn kind_of(section: &Value) -> Option<Spanned<&str>> {
    let kind = section.get(KIND)?;
    let word = kind.text().filter(|_| kind.scalar().is_some_and(|scalar| !scalar.rendered))?;
    Some(Spanned::new(word, kind.span))
}

/// Returns the kind of an entry of `services`, and reports one that says none or none that there is.
pub(super) fn kind(
    name: &Spanned<String>,
    section: &Value,
    grammar: &Grammar,
    diags: &mut Diagnostics,
) -> Option<&'static Section> {
    let path = format!("{SERVICES}.{}", name.value);
    let Some(written) = section.get(KIND) else {
        let title = format!("`{path}` has no `kind`");
        let words: Vec<String> = grammar.words().map(|word| format!("`kind: {word}`")).collect();
        diags.report(
            Diagnostic::error("service-kind-missing", name.span, title, "says no kind")
                .help(format!("add one of: {}", words.join(", "))),
        );
        return None;
    };
    let Some(word) = kind_of(section) else {
        let title = format!("`{path}.kind` is no word: it decides which keys there are");
        diags.report(
            Diagnostic::error("service-kind-unknown", written.span, title, "not a kind")
                .help(format!("write one of: {}", grammar.words().collect::<Vec<_>>().join(", "))),
        );
        return None;
    };
    let found = grammar.kind(word.value);
    if found.is_none() {
        let title = format!("`{path}.kind` is `{}`, which is no kind of service", word.value);
        let mut unknown =
            Diagnostic::error("service-kind-unknown", word.span, title, "no such kind")
                .help(suggestion(word.value, grammar.words()));
        unknown.edits.extend(
            nearest(word.value, grammar.words()).map(|meant| Edit::write(word.span, meant)),
        );
        diags.report(unknown);
    }
    found
}

/// Reports services of one name, and services of one kind: what two of them on one machine mean is not decided yet.
pub(super) fn conflicts(instances: &[Instance], diags: &mut Diagnostics) {
    let mut names: BTreeMap<&str, &Instance> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, &Instance> = BTreeMap::new();
    for instance in instances {
        let Instance { name, kind, path, section: _ } = instance;
        if let Some(other) = names.insert(&name.value, instance) {
            let title = format!("`{}` and `{path}` are two services of one name", other.path);
            diags.report(
                Diagnostic::error("service-name-twice", name.span, title, "the name is taken")
                    .related(other.name.span, "taken here")
                    .help("keep one of them, or give the one in `services` another name"),
            );
        } else if let Some(other) = kinds.get(kind) {
            let title = format!("`{}` and `{path}` are both of the kind `{kind}`", other.path);
            diags.report(
                Diagnostic::error("service-kind-twice", name.span, title, "the second")
                    .related(other.name.span, "the first")
                    .help(
                        "a role runs one service of each kind: move this one to a role of its own",
                    ),
            );
        }
        kinds.entry(kind).or_insert(instance);
    }
}
