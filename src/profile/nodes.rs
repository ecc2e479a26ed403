//! Who is in the cluster, as templates see it.

use serde_json::{Value as Json, json};

use super::scalar;
use super::value::{Value, ValueKind};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};

/// A node, before it is a member of anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeFacts {
    pub name: Spanned<String>,
    /// Number of the member.
    pub id: Spanned<u32>,
    /// Availability zone.
    pub zone: Option<Spanned<String>>,
    /// How the others reach it.
    pub address: Option<Spanned<String>>,
    /// The IPv4 address that its name leads to.
    pub ip: Option<Spanned<String>>,
}

impl NodeFacts {
    /// Returns what `node` means in a template; `index` counts from 1.
    pub(super) fn json(&self, index: usize) -> Json {
        let mut node = json!({ "name": self.name.value, "index": index, "id": self.id.value });
        if let Json::Object(fields) = &mut node {
            for (key, value) in [("zone", &self.zone), ("address", &self.address), ("ip", &self.ip)]
            {
                if let Some(value) = value {
                    fields.insert(key.to_owned(), Json::from(value.value.as_str()));
                }
            }
        }
        node
    }
}

/// Returns what `nodes` means in a template.
pub(super) fn list(nodes: &[NodeFacts]) -> Json {
    Json::Array(nodes.iter().enumerate().map(|(position, node)| node.json(position + 1)).collect())
}

/// Reads the nodes of a rendered `cluster` section.
pub(super) fn nodes(role: &str, cluster: &Value, diags: &mut Diagnostics) -> Vec<NodeFacts> {
    let name = cluster.get("name").and_then(Value::text).unwrap_or(role);
    let domain = cluster.get("domain");
    let zones: Vec<Spanned<String>> = cluster
        .get("zones")
        .map(Value::items)
        .unwrap_or_default()
        .iter()
        .filter_map(spanned)
        .collect();
    let address = |node: &str| {
        let domain = domain?;
        Some(Spanned::new(format!("{node}.{}", domain.text()?), domain.span))
    };
    let zone = |position: usize| zones.get(position % zones.len().max(1)).cloned();
    let first = cluster.get("first_id").and_then(number).map_or(1, |first| first.value);
    let counted = |position: usize, span: Span| {
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        Spanned::new(first.saturating_add(position), span)
    };
    let Some(written) = cluster.get("nodes") else { return Vec::new() };
    let found: Vec<NodeFacts> = match &written.kind {
        ValueKind::Map(entries) => entries
            .iter()
            .filter(|(_, node)| matches!(node.kind, ValueKind::Map(_)))
            .enumerate()
            .map(|(position, (name, node))| NodeFacts {
                name: name.clone(),
                id: node.get("id").and_then(number).unwrap_or_else(|| counted(position, name.span)),
                zone: node.get("zone").and_then(spanned).or_else(|| zone(position)),
                address: node.get("address").and_then(spanned).or_else(|| address(&name.value)),
                ip: node.get("ip").and_then(spanned),
            })
            .collect(),
        ValueKind::Scalar(_) => {
            let count = written.text().and_then(scalar::integer).unwrap_or(0).min(10_000);
            (0..usize::try_from(count).unwrap_or(0))
                .map(|position| {
                    let name = format!("{name}-{}", position + 1);
                    NodeFacts {
                        id: counted(position, written.span),
                        zone: zone(position),
                        address: address(&name),
                        ip: None,
                        name: Spanned::new(name, written.span),
                    }
                })
                .collect()
        }
        ValueKind::Null | ValueKind::List(_) => Vec::new(),
    };
    if found.is_empty() && matches!(written.kind, ValueKind::Map(_)) {
        diags.report(
            Diagnostic::error("no-nodes", written.span, "the cluster has no nodes", "nothing here")
                .help(
                    "write a number, or the nodes by name: `nodes: { kafka-1: {}, kafka-2: {} }`",
                ),
        );
    }
    found
}

fn number(value: &Value) -> Option<Spanned<u32>> {
    let number =
        value.text().and_then(scalar::integer).and_then(|number| u32::try_from(number).ok())?;
    Some(Spanned::new(number, value.span))
}

fn spanned(value: &Value) -> Option<Spanned<String>> {
    Some(Spanned::new(value.text()?.to_owned(), value.span))
}
