//! A profile as it is written: its chain merged over cfgbuild's own layer, and what its templates may name.

use serde_json::{Value as Json, json};

use super::inputs::Inputs;
use super::instance::written_kinds;
use super::layer::Loader;
use super::schema::Grammar;
use super::template::Engine;
use super::{merge, nulls, vars};
use crate::diagnostic::{Diagnostics, Reported};
use crate::source::{Kind, Node, Origin, Sources, Span, Spanned, Style, parse};

/// Sections that the context of all others is made of: they see variables only.
pub(super) const EARLY: [&str; 2] = ["target", "cluster"];

/// Returns a profile as it is written: inheritance merged over cfgbuild's defaults, templates as they stand.
pub fn written(
    role: &Spanned<String>,
    loader: &mut Loader<'_>,
    grammar: &Grammar,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Node, Reported> {
    let chain = loader.chain(role, sources, diags)?;
    let mut merged = Node::new(role.span, Kind::Map(Vec::new()));
    for layer in chain {
        nulls::warn(&merged, &layer, grammar, diags);
        merged = merge::merge(merged, layer);
    }
    Ok(merge::over_defaults(defaults(&merged, grammar, sources), merged))
}

/// A profile whose variables are bound.
pub(super) struct Begun {
    /// The tree as it is written.
    pub(super) tree: Node,
    /// An engine that knows the variables.
    pub(super) engine: Engine,
    pub(super) variables: vars::Variables,
}

/// Loads, merges and binds.
pub(super) fn begin(
    role: &Spanned<String>,
    loader: &mut Loader<'_>,
    grammar: &Grammar,
    inputs: &Inputs,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Begun, Reported> {
    let tree = written(role, loader, grammar, sources, diags)?;
    let tree = merge::merge(tree, target_overrides(inputs, sources));
    let mut variables = vars::bind(&tree, &role.value, loader, inputs, sources, diags);
    let context = json!({ "vars": Json::Object(variables.values.clone()) });
    let engine = Engine::new(context, std::mem::take(&mut variables.facts));
    Ok(Begun { tree, engine, variables })
}

/// Returns cfgbuild's own layer: the sections that every role has, those this one uses, and what the kinds of its
/// instances say.
fn defaults(profile: &Node, grammar: &Grammar, sources: &mut Sources) -> Node {
    let text = grammar.defaults();
    let file = sources.add_from(Origin::NoFile, "cfgbuild's defaults", text.as_str());
    let mut tree = parse(file, &text).unwrap_or_else(|_| unreachable!("a test reads the defaults"));
    let instances: Vec<_> = written_kinds(profile, grammar)
        .filter_map(|(name, kind)| Some((name.clone(), tree.get(kind.word)?.clone())))
        .collect();
    if let Kind::Map(entries) = &mut tree.kind {
        entries.retain(|(name, _)| {
            EARLY.contains(&name.value.as_str())
                || profile.get(&name.value).is_some_and(|node| node.entries().is_some())
        });
        if !instances.is_empty() {
            let services = Node::new(Sources::NOWHERE, Kind::Map(instances));
            entries.push((Spanned::new("services".to_owned(), Sources::NOWHERE), services));
        }
    }
    tree
}

fn target_overrides(inputs: &Inputs, sources: &mut Sources) -> Node {
    let mut entries = Vec::new();
    for (key, value) in &inputs.target {
        let text = format!("{key}={value}");
        let file = sources.add_from(Origin::NoFile, "--target", text.as_str());
        let span = Span::new(file, key.len() + 1, text.len());
        let scalar = |text: &str| Node::new(span, Kind::Scalar(text.to_owned(), Style::Plain));
        let node = if key == "formats" {
            Node::new(span, Kind::List(value.split(',').map(scalar).collect()))
        } else {
            scalar(value)
        };
        entries.push((Spanned::new(key.clone(), Span::new(file, 0, key.len())), node));
    }
    let target = Node::new(Sources::NOWHERE, Kind::Map(entries));
    let entries = if inputs.target.is_empty() {
        Vec::new()
    } else {
        vec![(Spanned::new("target".to_owned(), Sources::NOWHERE), target)]
    };
    Node::new(Sources::NOWHERE, Kind::Map(entries))
}
