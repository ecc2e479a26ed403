//! Groups of instances that are alike: what they run on, what they may do, and in which order they are replaced.

use std::collections::BTreeSet;

use crate::model::machine::Machine;
use crate::model::{Aws, Identity, Role, logical_id};
use crate::source::Span;

use super::disks::{self, FleetingDisk, KeptDisk};
use super::grants::{Asker, Grant, grants};
use super::tags::{self, Tag};
use super::zones::Zones;

/// A group of instances that are alike: one per node, or one for all where nodes share a config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<'a> {
    /// What the ids of its resources begin with, letters and digits; empty where it is the only one.
    pub id: String,
    /// What it is called: its node where nodes are told apart, else the cluster.
    pub name: String,
    /// Where its node is said; where the stack is asked for, if it is of all nodes.
    pub span: Span,
    /// The node whose user data all its instances get, as a position in the role.
    pub user_data_of: usize,
    /// How many instances it has, no more and no fewer.
    pub size: usize,
    /// Its zones, as positions in [`super::Plan::zones`].
    pub zones: Vec<usize>,
    /// Disks that outlive its instance.
    pub kept: Vec<KeptDisk<'a>>,
    /// Disks that come and go with each instance, the root disk first.
    pub fleeting: Vec<FleetingDisk>,
    /// Tags of what belongs to it.
    pub tags: Vec<Tag>,
    /// Tags of its instances.
    pub instance_tags: Vec<Tag>,
    /// What its instances may ask of AWS.
    pub grants: Vec<Grant>,
    /// The group that must be done before this one is made or replaced, as a position in [`super::Plan::groups`].
    pub after: Option<usize>,
    /// How an update replaces its instances; `None` where it leaves them alone, and only later ones are of the new
    /// config.
    pub replacement: Option<Replacement>,
    /// What its creation waits for; `None` where nodes need each other to be healthy: then the stack waits for all.
    pub wait: Option<Wait>,
}

/// How instances are replaced by ones of another config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// How many at a time.
    pub batch: usize,
    /// How many stay in service all the while.
    pub in_service: usize,
    /// Seconds in which a new one must say that it is healthy.
    pub patience: u64,
}

/// What making something waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// How many nodes must say that they are healthy.
    pub nodes: usize,
    /// In how many seconds.
    pub patience: u64,
}

/// Returns the groups in the order in which they are made and replaced; `decides` where something on them decides by
/// majority.
pub(super) fn groups<'a>(
    role: &'a Role,
    aws: &Aws,
    machines: &[Machine],
    zones: &Zones<'_>,
    decides: bool,
) -> Vec<Group<'a>> {
    match role.identity.value {
        Identity::Pinned => (0..role.nodes.len())
            .filter_map(|position| pinned(role, aws, machines.get(position)?, position, zones))
            .collect(),
        Identity::Shared => vec![shared(role, aws, machines, zones, decides)],
    }
}

/// Returns the group of one node.
fn pinned<'a>(
    role: &'a Role,
    aws: &Aws,
    machine: &Machine,
    position: usize,
    zones: &Zones<'_>,
) -> Option<Group<'a>> {
    let node = role.nodes.get(position)?;
    let zone = *zones.of_node.get(position)?;
    let name = &node.name.value;
    let address = node.address.as_ref().map(|address| address.value.as_str());
    let asker = Asker { name, address, calls: &machine.calls };
    Some(Group {
        id: logical_id(name),
        name: name.clone(),
        span: node.name.span,
        user_data_of: position,
        size: 1,
        zones: vec![zone],
        kept: disks::kept(role, aws, name, zone),
        fleeting: disks::fleeting(role, aws),
        tags: tags::tags(role, name),
        instance_tags: tags::of_node(role, name),
        grants: grants(role, aws, &asker),
        // One after another: an update that replaces nodes must never have two of them away at once.
        after: position.checked_sub(1),
        replacement: Some(replacement(aws, 1)),
        wait: None,
    })
}

/// Returns the one group of nodes that share a config.
fn shared<'a>(
    role: &'a Role,
    aws: &Aws,
    machines: &[Machine],
    zones: &Zones<'_>,
    decides: bool,
) -> Group<'a> {
    let name = &role.cluster.value;
    let size = role.nodes.len();
    let calls = machines.iter().flat_map(|machine| machine.calls.iter().cloned()).collect();
    let zones: BTreeSet<usize> = zones.of_node.iter().copied().collect();
    let first = role.nodes.first().and_then(|node| node.address.as_ref());
    let address = first.map(|address| address.value.as_str());
    let first_zone = zones.first().copied().unwrap_or_default();
    Group {
        id: String::new(),
        name: name.clone(),
        span: aws.span,
        user_data_of: 0,
        size,
        kept: disks::kept(role, aws, name, first_zone),
        zones: zones.into_iter().collect(),
        fleeting: disks::fleeting(role, aws),
        tags: tags::tags(role, name),
        instance_tags: tags::tags(role, name),
        grants: grants(role, aws, &Asker { name, address, calls: &calls }),
        after: None,
        // Who votes is settled at the birth of the cluster, and a node that shares its config keeps nothing: one that
        // came instead of a member would be a stranger with an empty disk, and each would take a vote away.
        replacement: (!decides).then(|| replacement(aws, size)),
        wait: Some(Wait { nodes: size, patience: aws.patience.value }),
    }
}

fn replacement(aws: &Aws, size: usize) -> Replacement {
    Replacement { batch: 1, in_service: size.saturating_sub(1), patience: aws.patience.value }
}
