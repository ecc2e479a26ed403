//! What the user wrote, resolved: inheritance merged, variables bound, templates rendered.
//!
//! Knows the shape of a profile but neither services nor back ends.

mod fit;
pub mod json_schema;
mod layer;
mod merge;
mod names;
mod nodes;
mod nulls;
pub mod read;
pub mod scalar;
pub mod schema;
mod shape;
mod tags;
mod template;
mod value;
mod values;
mod vars;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Reported};
use crate::source::{Edit, Kind, Node, Origin, Sources, Span, Spanned, Style, locate, parse};

pub use layer::Loader;
pub use nodes::NodeFacts;
pub use tags::sole_variable;
pub use value::{Scalar, Texts, Value, ValueKind, split_host};

use template::Engine;

/// What a build is given besides the profiles.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Values of variables, the weakest source first.
    pub sources: Vec<Source>,
    /// `--target key=value`.
    pub target: Vec<(String, String)>,
    /// Whether several roles are built: then a value may be meant for another one.
    pub several_roles: bool,
}

/// Something that sets variables.
#[derive(Clone, Debug)]
pub enum Source {
    /// A YAML map of values.
    File {
        /// Its name as shown.
        name: String,
        /// Its text.
        text: String,
        /// Whether it speaks to all roles of the workspace.
        shared: bool,
    },
    /// `CFGBUILD_VAR_<NAME>`.
    Environment(String, String),
    /// `--set name=value`.
    Set(String, String),
}

impl Source {
    fn name(&self) -> &str {
        match self {
            Self::File { name, .. } => name,
            Self::Environment(..) => "the environment",
            Self::Set(..) => "--set",
        }
    }

    fn may_name_others(&self) -> bool {
        matches!(self, Self::File { shared: true, .. } | Self::Environment(..))
    }
}

/// A role with everything rendered, held against the schema.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The whole tree.
    pub tree: Value,
    /// The members.
    pub nodes: Vec<NodeFacts>,
    /// Roles this one refers to.
    pub peers: BTreeMap<String, Peer>,
    /// Its services.
    pub instances: Vec<Instance>,
}

/// A service's section.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its name.
    pub name: Spanned<String>,
    /// Its kind.
    pub kind: &'static str,
    /// Where it is in the profile.
    pub path: String,
    /// The section.
    pub section: Value,
}

fn instances(tree: &Value) -> Vec<Instance> {
    let kinds = ["etcd", "zookeeper", "kafka"].into_iter();
    kinds
        .filter_map(|kind| {
            let section = tree.get(kind)?.clone();
            let name = Spanned::new(kind.to_owned(), section.span);
            Some(Instance { name, kind, path: kind.to_owned(), section })
        })
        .collect()
}

/// What one role may know of another.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its members.
    pub nodes: Vec<NodeFacts>,
    /// Its ports by name: `client` is what its profile calls `client_port`.
    pub ports: BTreeMap<String, u16>,
    /// Its services.
    pub instances: Vec<Instance>,
}

const DEFAULTS: &str = include_str!("defaults.yaml");

/// Resolves one role.
pub fn resolve(
    role: &Spanned<String>,
    loader: &mut Loader<'_>,
    inputs: &Inputs,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Resolved, Reported> {
    let (tree, mut engine, variables) = begin(role, loader, inputs, sources, diags)?;
    let mut renderer = Renderer::new(&mut engine, sources, diags, &variables);
    let early = renderer.sections(&tree, &EARLY);
    renderer.stop()?;
    let nodes = cluster_of(role, &early, renderer.diags)?;

    let mut peers = BTreeMap::new();
    for name in references(&tree, sources) {
        if let Ok(peer) = peer(&name, loader, inputs, sources, diags) {
            peers.insert(name.value, peer);
        }
    }
    set_context(&mut engine, &role.value, &early, &nodes, &peers);
    let mut renderer = Renderer::new(&mut engine, sources, diags, &variables);
    renderer.nodes =
        nodes.iter().enumerate().map(|(position, node)| node.json(position + 1)).collect();
    let tree = renderer.late(&tree, &early);
    let all_read = !renderer.failed;
    for (name, span) in &variables.declared {
        // what could not be read may use it
        if all_read && !engine.used().contains(name) {
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
    shape::check(&tree, &schema::PROFILE, "", diags);
    diags.stop()?;
    let instances = instances(&tree);
    Ok(Resolved { tree, nodes, peers, instances })
}

/// Sections that the context of all others is made of: they see variables only.
const EARLY: [&str; 2] = ["target", "cluster"];
/// Sections that are about the profile itself.
const ABOUT: [&str; 2] = ["extends", "vars"];

/// Returns a profile as it is written: inheritance merged over cfgbuild's defaults, templates as they stand.
pub fn written(
    role: &Spanned<String>,
    loader: &mut Loader<'_>,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Node, Reported> {
    let chain = loader.chain(role, sources, diags)?;
    let mut merged = Node::new(role.span, Kind::Map(Vec::new()));
    for layer in chain {
        nulls::warn(&merged, &layer, diags);
        merged = merge::merge(merged, layer);
    }
    Ok(merge::over_defaults(defaults(&merged, sources), merged))
}

/// Loads, merges and binds.
fn begin(
    role: &Spanned<String>,
    loader: &mut Loader<'_>,
    inputs: &Inputs,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<(Node, Engine, vars::Variables), Reported> {
    let tree = written(role, loader, sources, diags)?;
    let tree = merge::merge(tree, target_overrides(inputs, sources));
    let variables = vars::bind(&tree, &role.value, loader, inputs, sources, diags);
    let engine = Engine::new(json!({ "vars": Json::Object(variables.values.clone()) }));
    Ok((tree, engine, variables))
}

/// Returns cfgbuild's own layer: the sections that every role has, and those this one uses.
fn defaults(profile: &Node, sources: &mut Sources) -> Node {
    let file = sources.add_from(Origin::NoFile, "cfgbuild's defaults", DEFAULTS);
    let mut tree =
        parse(file, DEFAULTS).unwrap_or_else(|_| unreachable!("a test reads the defaults"));
    if let Kind::Map(entries) = &mut tree.kind {
        entries.retain(|(name, _)| {
            EARLY.contains(&name.value.as_str())
                || profile.get(&name.value).is_some_and(|node| node.entries().is_some())
        });
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

/// Checks the early sections and reads the nodes from them.
fn cluster_of(
    role: &Spanned<String>,
    early: &Value,
    diags: &mut Diagnostics,
) -> Result<Vec<NodeFacts>, Reported> {
    let before = diags.errors();
    shape::check(early, &schema::PROFILE, "", diags);
    let nothing = Value { span: role.span, kind: ValueKind::Map(Vec::new()) };
    let nodes = nodes::nodes(&role.value, early.get("cluster").unwrap_or(&nothing), diags);
    // what is wrong elsewhere does not keep the rest from being looked at
    if diags.errors() > before || nodes.is_empty() {
        diags.stop()?;
    }
    Ok(nodes)
}

/// What is known only at boot, and what only the stack knows that a machine runs in.
const FACTS: [(&str, &[&str]); 2] = [
    ("host", &["private_ipv4", "public_ipv4", "hostname", "zone", "region", "instance_id"]),
    ("stack", &["name", "id", "region", "account_id", "partition"]),
];

fn set_context(
    engine: &mut Engine,
    role: &str,
    early: &Value,
    nodes: &[NodeFacts],
    peers: &BTreeMap<String, Peer>,
) {
    let of =
        |key: &str| early.get("cluster").and_then(|cluster| cluster.get(key)).and_then(Value::text);
    let mut cluster = Map::new();
    cluster.insert("name".to_owned(), Json::from(of("name").unwrap_or(role)));
    cluster.insert("size".to_owned(), Json::from(nodes.len()));
    for key in ["domain", "identity"] {
        if let Some(text) = of(key) {
            cluster.insert(key.to_owned(), Json::from(text));
        }
    }
    engine.set("cluster", Json::Object(cluster));
    engine.set("nodes", as_json(nodes));
    engine.set("node", nodes.first().map_or(Json::Null, |node| node.json(1)));
    for (context, facts) in FACTS {
        let marker = |name: &&str| Json::from(value::host_marker(&format!("{context}.{name}")));
        let facts = facts.iter().map(|name| ((*name).to_owned(), marker(name)));
        engine.set(context, Json::Object(facts.collect()));
    }
    let peers = peers.iter().map(|(name, peer)| {
        (name.clone(), json!({ "nodes": as_json(&peer.nodes), "ports": peer.ports }))
    });
    engine.set("role", Json::Object(peers.collect()));
}

fn as_json(nodes: &[NodeFacts]) -> Json {
    Json::Array(nodes.iter().enumerate().map(|(position, node)| node.json(position + 1)).collect())
}

/// Resolves as much of another role as a reference to it needs: nodes and ports, which see variables only.
fn peer(
    role: &Spanned<String>,
    loader: &mut Loader<'_>,
    inputs: &Inputs,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Peer, Reported> {
    let inputs = Inputs { several_roles: true, target: Vec::new(), ..inputs.clone() };
    let (tree, mut engine, variables) = begin(role, loader, &inputs, sources, diags)?;
    let mut renderer = Renderer::new(&mut engine, sources, diags, &variables);
    let early = renderer.sections(&tree, &EARLY);
    renderer.stop()?;
    let mut ports = BTreeMap::new();
    for (section, node) in tree.entries().unwrap_or_default() {
        for (key, value) in node.entries().unwrap_or_default() {
            let name = match key.value.strip_suffix("_port") {
                Some(name) => name,
                None if key.value == "port" => section.value.as_str(),
                None => continue,
            };
            let value = renderer.value(value);
            if let Some(port) =
                value.text().and_then(scalar::integer).and_then(|port| u16::try_from(port).ok())
            {
                ports.entry(name.to_owned()).or_insert(port);
            }
        }
    }
    let services = renderer.sections(&tree, &["etcd", "zookeeper", "kafka"]);
    let nodes = cluster_of(role, &early, diags)?;
    Ok(Peer { nodes, ports, instances: instances(&services) })
}

/// Finds the roles a profile refers to: `role.<name>` in templates, and `role:` where a section names one.
fn references(tree: &Node, sources: &Sources) -> Vec<Spanned<String>> {
    let mut found: BTreeMap<String, Span> = BTreeMap::new();
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
    let named = tree
        .get("kafka")
        .and_then(|kafka| kafka.get("zookeeper"))
        .and_then(|zookeeper| zookeeper.get("role"));
    if let Some(Node { kind: Kind::Scalar(name, _), span, .. }) = named {
        found.insert(name.clone(), *span);
    }
    found
        .into_iter()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, span)| Spanned::new(name, span))
        .collect()
}

/// Renders trees.
struct Renderer<'a> {
    engine: &'a mut Engine,
    sources: &'a Sources,
    diags: &'a mut Diagnostics,
    variables: &'a vars::Variables,
    nodes: Vec<Json>,
    /// Whether anything could not be rendered; it has been reported.
    failed: bool,
}

impl<'a> Renderer<'a> {
    fn new(
        engine: &'a mut Engine,
        sources: &'a Sources,
        diags: &'a mut Diagnostics,
        variables: &'a vars::Variables,
    ) -> Self {
        Self { engine, sources, diags, variables, nodes: Vec::new(), failed: false }
    }

    /// Ends a stage on what could not be rendered: what is made from it would only be wrong again.
    fn stop(&self) -> Result<(), Reported> {
        if self.failed { self.diags.stop() } else { Ok(()) }
    }

    /// Renders only the named sections of a tree.
    fn sections(&mut self, tree: &Node, names: &[&str]) -> Value {
        let entries = tree.entries().unwrap_or_default();
        let entries = entries.iter().filter(|(name, _)| names.contains(&name.value.as_str()));
        let entries = entries.map(|(name, node)| (name.clone(), self.value(node))).collect();
        Value { span: tree.span, kind: ValueKind::Map(entries) }
    }

    /// Renders all other sections, and takes over those that were rendered early; nodes only now decide what differs.
    fn late(&mut self, tree: &Node, early: &Value) -> Value {
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
                None => self.value(node),
            };
            entries.push((name.clone(), value));
        }
        Value { span: tree.span, kind: ValueKind::Map(entries) }
    }

    fn value(&mut self, node: &Node) -> Value {
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

    fn scalar(&mut self, text: &str, style: Style, span: Span) -> Option<Scalar> {
        let plain = |texts| Some(Scalar { texts, style, rendered: false, secret: false });
        if style == Style::Verbatim || !template::is_template(text) {
            return plain(Texts::Same(text.to_owned()));
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
                Ok(text) => texts.push(text),
                Err(finding) => {
                    self.diags.report(*finding);
                    return None;
                }
            }
        }
        let first = texts.first().cloned().unwrap_or_default();
        let same = texts.iter().all(|text| *text == first);
        let texts = if same { Texts::Same(first) } else { Texts::Each(texts) };
        Some(Scalar { texts, style, rendered: true, secret })
    }
}

/// Marks the defaults of secret variables as secrets.
fn hide_defaults(variables: &mut Value) {
    let ValueKind::Map(entries) = &mut variables.kind else { return };
    for (_, variable) in entries {
        let is_secret = variable.get("type").and_then(Value::text) == Some("secret");
        let ValueKind::Map(fields) = &mut variable.kind else { continue };
        for (name, value) in fields {
            if let ValueKind::Scalar(scalar) = &mut value.kind {
                scalar.secret |= is_secret && name.value == "default";
            }
        }
    }
}

/// Returns a tree as it was written: what is about the profile itself is no template.
fn as_written(node: &Node) -> Value {
    let kind = match &node.kind {
        Kind::Null => ValueKind::Null,
        Kind::Scalar(text, style) => ValueKind::Scalar(Scalar {
            texts: Texts::Same(text.clone()),
            style: *style,
            rendered: false,
            secret: false,
        }),
        Kind::List(items) => ValueKind::List(items.iter().map(as_written).collect()),
        Kind::Map(entries) => ValueKind::Map(
            entries.iter().map(|(name, node)| (name.clone(), as_written(node))).collect(),
        ),
    };
    Value { span: node.span, kind }
}
