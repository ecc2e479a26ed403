//! What one role may know of another: its nodes, and its services as far as variables alone decide them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::early::cluster_of;
use super::inputs::Inputs;
use super::instance::{Instance, instances, written_sections};
use super::layer::Loader;
use super::merged::{Begun, EARLY, begin};
use super::nodes::{NodeFacts, list};
use super::render::Renderer;
use super::schema::{Grammar, Type};
use super::value::Value;
use crate::diagnostic::{Diagnostics, Reported};
use crate::source::{Sources, Spanned};

/// What one role may know of another.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The name of its cluster.
    pub cluster: String,
    /// Its members.
    pub nodes: Vec<NodeFacts>,
    /// Its services, with their defaults. What is not made of variables alone is left out of their sections.
    pub instances: Vec<Instance>,
}

/// Resolves as much of another role as a reference to it needs.
pub(super) fn peer(
    role: &Spanned<String>,
    loader: &mut Loader<'_>,
    grammar: &Grammar,
    inputs: &Inputs,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Peer, Reported> {
    let inputs = Inputs { several_roles: true, target: Vec::new(), ..inputs.clone() };
    let Begun { tree, mut engine, variables } =
        begin(role, loader, grammar, &inputs, sources, diags)?;
    let mut renderer = Renderer::new(&mut engine, sources, diags, &variables);
    let early = renderer.sections(&tree, &EARLY);
    renderer.stop()?;
    for (node, kind) in written_sections(&tree, grammar) {
        // another role is only asked for its ports: that one of them cannot be read matters here
        for port in kind.keys.iter().filter(|field| matches!(field.of, Type::Port)) {
            node.get(port.name).map(|port| renderer.value(port));
        }
    }
    let nodes = cluster_of(role, &early, grammar, renderer.diags)?;
    let mut unheard = Diagnostics::new();
    let mut renderer = Renderer::new(&mut engine, sources, &mut unheard, &variables);
    let words: Vec<&str> = grammar.words().chain(["services"]).collect();
    let instances = instances(&renderer.sections(&tree, &words), grammar);
    let cluster = early.get("cluster").and_then(|it| it.get("name")).and_then(Value::text);
    let cluster = cluster.unwrap_or(&role.value).to_owned();
    Ok(Peer { cluster, nodes, instances })
}

impl Peer {
    /// Returns what `role.NAME` means in a template.
    ///
    /// A port that only one service has can be named without it; the exact name always works.
    pub(super) fn json(&self, grammar: &Grammar) -> Json {
        let mut services = Map::new();
        let mut flat: BTreeMap<String, Json> = BTreeMap::new();
        let mut several: BTreeSet<String> = BTreeSet::new();
        for instance in &self.instances {
            let ports: BTreeMap<String, Json> =
                ports(instance, grammar).map(|(name, port)| (name, Json::from(port))).collect();
            for (name, port) in &ports {
                if flat.insert(name.clone(), port.clone()).is_some() {
                    several.insert(name.clone());
                }
            }
            services.insert(instance.name.value.clone(), json!({ "ports": ports }));
        }
        flat.retain(|name, _| !several.contains(name));
        json!({ "nodes": list(&self.nodes), "ports": flat, "services": services })
    }
}

/// Returns the ports of a service by name: `client` is its `client_port`, and `port` has the name of the service.
fn ports(instance: &Instance, grammar: &Grammar) -> impl Iterator<Item = (String, u16)> {
    let keys = grammar.kind(instance.kind).map_or(&[][..], |kind| kind.keys);
    keys.iter().filter(|field| matches!(field.of, Type::Port)).filter_map(|field| {
        let name = field.name.strip_suffix("_port").unwrap_or(&instance.name.value);
        Some((name.to_owned(), instance.port(field.name)?))
    })
}
