//! Where the nodes are: the availability zones of the profile, in the order in which nodes come to them.

use std::collections::BTreeMap;

use crate::model::{Aws, Identity, Role, logical_id};
use crate::source::Span;

/// An availability zone, as the profile names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone<'a> {
    /// Its name in the profile; `None` where the profile has no zones.
    pub name: Option<&'a str>,
    /// Where its first node names it; where the stack is asked for, if it has no name.
    pub span: Span,
    /// The name in letters and digits; may be empty.
    pub id: String,
    /// Who is in it, for people.
    pub who: String,
}

/// The zones, and the zone of each node.
pub(super) struct Zones<'a> {
    pub(super) all: Vec<Zone<'a>>,
    pub(super) of_node: Vec<usize>,
}

/// Most nodes named in a description.
const MOST_NAMED: usize = 3;

/// Returns the zones of a role's nodes; one without a name where the profile says none.
pub(super) fn zones<'a>(role: &'a Role, aws: &Aws) -> Zones<'a> {
    let mut found: Vec<(Option<&str>, Span, Vec<&str>)> = Vec::new();
    let mut known: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let mut of_node = Vec::with_capacity(role.nodes.len());
    for node in &role.nodes {
        let name = node.zone.as_ref().map(|zone| zone.value.as_str());
        let index = *known.entry(name).or_insert(found.len());
        if index == found.len() {
            let span = node.zone.as_ref().map_or(aws.span, |zone| zone.span);
            found.push((name, span, Vec::new()));
        }
        if let Some((_, _, nodes)) = found.get_mut(index) {
            nodes.push(&node.name.value);
        }
        of_node.push(index);
    }
    let zones = found.into_iter().map(|(name, span, nodes)| Zone {
        name,
        span,
        id: name.map(logical_id).unwrap_or_default(),
        who: who(role, &nodes),
    });
    let all = zones.collect();
    Zones { all, of_node }
}

fn who(role: &Role, nodes: &[&str]) -> String {
    if role.identity.value == Identity::Shared {
        return "the nodes".to_owned();
    }
    let named: Vec<&str> = nodes.iter().copied().take(MOST_NAMED).collect();
    let more = if nodes.len() > MOST_NAMED { " and others" } else { "" };
    format!("{}{more}", named.join(", "))
}
