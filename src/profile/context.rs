//! What templates may name beside variables: the cluster, its nodes, other roles, and facts known only at boot.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::nodes::{NodeFacts, list};
use super::peer::Peer;
use super::schema::Grammar;
use super::template::Engine;
use super::value::Value;
use crate::model::{HostFact, StackFact};

/// Tells an engine of everything that templates of a role may name beside its variables; without nodes, of what
/// does not depend on them.
pub(super) fn set_context(
    engine: &mut Engine,
    role: &str,
    early: &Value,
    nodes: Option<&[NodeFacts]>,
    peers: &BTreeMap<String, Peer>,
    grammar: &Grammar,
) {
    if let Some(nodes) = nodes {
        let of = |key: &str| {
            early.get("cluster").and_then(|cluster| cluster.get(key)).and_then(Value::text)
        };
        let mut cluster = Map::new();
        cluster.insert("name".to_owned(), Json::from(of("name").unwrap_or(role)));
        cluster.insert("size".to_owned(), Json::from(nodes.len()));
        for key in ["domain", "identity"] {
            if let Some(text) = of(key) {
                cluster.insert(key.to_owned(), Json::from(text));
            }
        }
        engine.set("cluster", Json::Object(cluster));
        engine.set("nodes", list(nodes));
        engine.set("node", nodes.first().map_or(Json::Null, |node| node.json(1)));
    }
    let facts = engine.facts();
    let host = HostFact::ALL.map(|(name, fact)| (name.to_owned(), Json::from(facts.host(fact))));
    let stack = StackFact::ALL.map(|(name, fact)| (name.to_owned(), Json::from(facts.stack(fact))));
    engine.set("host", Json::Object(host.into_iter().collect()));
    engine.set("stack", Json::Object(stack.into_iter().collect()));
    let peers = peers.iter().map(|(name, peer)| (name.clone(), peer.json(grammar)));
    engine.set("role", Json::Object(peers.collect()));
}
