//! What tells to whom a resource belongs: tags for people and bills, and those by which a machine finds its own.

use crate::model::Role;

/// A tag of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub key: &'static str,
    pub value: String,
}

const CLUSTER: &str = "cfgbuild:cluster";
const ROLE: &str = "cfgbuild:role";
const NODE: &str = "cfgbuild:node";
const VOLUME: &str = "cfgbuild:volume";

fn tag(key: &'static str, value: &str) -> Tag {
    Tag { key, value: value.to_owned() }
}

/// Returns the tags of a resource that is called `name`.
pub(super) fn tags(role: &Role, name: &str) -> Vec<Tag> {
    vec![tag("Name", name), tag(CLUSTER, &role.cluster.value), tag(ROLE, &role.name)]
}

/// Returns the tags of the instances of one node.
pub(super) fn of_node(role: &Role, node: &str) -> Vec<Tag> {
    tags(role, node).into_iter().chain([tag(NODE, node)]).collect()
}

/// Returns the tags of a node's volume, by which its instances find it.
pub(super) fn of_volume(role: &Role, node: &str, volume: &str) -> Vec<Tag> {
    let own = [tag(NODE, node), tag(VOLUME, volume)];
    tags(role, &format!("{node} {volume}")).into_iter().chain(own).collect()
}

/// Returns the tags that only resources of one node have, on any volume.
pub(super) fn owner(role: &Role, node: &str) -> Vec<Tag> {
    vec![tag(CLUSTER, &role.cluster.value), tag(ROLE, &role.name), tag(NODE, node)]
}
