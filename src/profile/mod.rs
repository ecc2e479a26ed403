//! What the user wrote, resolved: inheritance merged, variables bound, templates rendered.
//!
//! Knows the shape of a profile as the grammar says it, but no section of its own, no service and no back end.

mod beside;
mod context;
mod crypt;
mod early;
mod elsewhere;
mod facts;
mod faults;
mod files;
mod fit;
mod helpers;
mod inputs;
mod instance;
pub mod json_schema;
mod layer;
mod merge;
mod merged;
mod names;
mod naming;
mod nodes;
mod nulls;
mod peer;
pub mod read;
mod references;
mod render;
pub mod scalar;
pub mod schema;
mod shape;
mod shipped;
mod spelled;
mod tags;
mod template;
mod typed;
mod unknown;
mod value;
mod values;
mod vars;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics, Reported};
use crate::source::{Edit, Sources, Span, Spanned};

pub use inputs::{Inputs, Source};
pub use instance::Instance;
pub use layer::Loader;
pub use merged::written;
pub use nodes::NodeFacts;
pub use peer::Peer;
pub use shipped::{shipped_files, shipped_roles};
pub use tags::sole_variable;
pub use value::{Scalar, Texts, Value, ValueKind};

use context::set_context;
use early::cluster_of;
use instance::{conflicts, instances};
use merged::{Begun, EARLY, begin};
use peer::peer;
use references::references;
use render::Renderer;
use schema::Grammar;
use template::Engine;
use vars::Variables;

/// A role with everything rendered, held against the schema.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The whole tree.
    pub tree: Value,
    pub nodes: Vec<NodeFacts>,
    pub instances: Vec<Instance>,
    /// Roles this one refers to.
    pub peers: BTreeMap<String, Peer>,
    /// Sections that are left out because something is wrong in them; empty but in what is [`Refused`].
    pub faulty: BTreeSet<String>,
}

/// A role that is wrong: what is wrong has been reported.
#[derive(Debug)]
pub struct Refused {
    /// The proof of that.
    pub reported: Reported,
    /// The sections that are right, where they could be read: more may be wrong in them.
    pub rest: Option<Box<Resolved>>,
}

impl From<Reported> for Refused {
    fn from(reported: Reported) -> Self {
        Self { reported, rest: None }
    }
}

impl Resolved {
    /// Returns the profiles that this one says it extends.
    pub fn parents(&self) -> Vec<String> {
        let extends = self.tree.get("extends");
        let named = extends.and_then(Value::text).map(str::to_owned);
        let listed = extends.map(Value::items).unwrap_or_default().iter();
        named.into_iter().chain(listed.filter_map(|item| item.text().map(str::to_owned))).collect()
    }

    /// Returns the variables of type `secret` whose value stands in a profile, each with the place of the value.
    pub fn secret_defaults(&self) -> Vec<(String, Span)> {
        let variables = self.tree.get("vars").map(Value::entries).unwrap_or_default();
        let default = |(name, variable): &(Spanned<String>, Value)| {
            let default = variable.get("default")?;
            let is_secret = default.scalar().is_some_and(Scalar::is_secret);
            let says = default.text().is_some_and(|text| !text.is_empty());
            (is_secret && says).then(|| (name.value.clone(), default.span))
        };
        variables.iter().filter_map(default).collect()
    }
}

/// Names of templates that stand for what the section `cluster` says.
const OF_CLUSTER: &[&str] = &["cluster", "node", "nodes"];

/// Resolves one role.
///
/// Where the section `cluster` is wrong, what depends on it is left out without a word, and all else is looked at.
pub fn resolve(
    role: &Spanned<String>,
    loader: &mut Loader<'_>,
    grammar: &Grammar,
    inputs: &Inputs,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Resolved, Refused> {
    let Begun { tree, mut engine, variables } =
        begin(role, loader, grammar, inputs, sources, diags)?;
    let mut renderer = Renderer::new(&mut engine, sources, diags, &variables);
    let early = renderer.sections(&tree, &EARLY);
    let mut faulty = std::mem::take(&mut renderer.faulty);
    let nodes = if faulty.contains("cluster") {
        None
    } else {
        cluster_of(role, &early, grammar, renderer.diags).ok()
    };

    let mut peers = BTreeMap::new();
    for name in references(&tree, grammar, sources) {
        if let Ok(peer) = peer(&name, loader, grammar, inputs, sources, diags) {
            peers.insert(name.value, peer);
        }
    }
    set_context(&mut engine, &role.value, &early, nodes.as_deref(), &peers, grammar);
    if nodes.is_none() {
        engine.set_unread(OF_CLUSTER);
        faulty.insert("cluster".to_owned());
    }
    let nodes = nodes.unwrap_or_default();
    let mut renderer = Renderer::new(&mut engine, sources, diags, &variables);
    renderer.nodes =
        nodes.iter().enumerate().map(|(position, node)| node.json(position + 1)).collect();
    let tree = renderer.late(&tree, &early);
    faulty.append(&mut renderer.faulty);
    if faulty.is_empty() {
        unused(&variables, &engine, diags);
    }
    let mut checked = shape::check(&tree, grammar, diags);
    for place in checked.hidden {
        sources.hide(place);
    }
    faulty.append(&mut checked.faulty);
    let found = instances(&tree, grammar);
    conflicts(&found, diags);
    let Err(reported) = diags.stop() else {
        return Ok(Resolved { tree, nodes, instances: found, peers, faulty });
    };
    let sound = tree.entries().iter().filter(|(name, _)| !faulty.contains(&name.value)).cloned();
    let tree = Value { span: tree.span, kind: ValueKind::Map(sound.collect()) };
    let instances = instances(&tree, grammar);
    let rest = Resolved { tree, nodes, instances, peers, faulty };
    Err(Refused { reported, rest: Some(Box::new(rest)) })
}

/// Reports variables that go into no template. Where a template could not be read, it may have used them.
fn unused(variables: &Variables, engine: &Engine, diags: &mut Diagnostics) {
    for (name, span) in &variables.declared {
        if !engine.used().contains(name) {
            diags.report(
                Diagnostic::warning(
                    "variable-unused",
                    *span,
                    format!("variable `{name}` is used nowhere"),
                    "declared here",
                )
                .help(format!("use it as `{{{{vars.{name}}}}}`, or remove it"))
                .edit(Edit::remove(*span)),
            );
        }
    }
}
