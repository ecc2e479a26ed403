//! What AWS runs the nodes of a role in: groups, disks, who may reach whom, what machines may ask, what is asked of
//! whoever makes it, and in which order machines are replaced.
//!
//! Decides once, for every printer: knows no template and no format, and leaves no printer anything to decide.

mod arn;
mod disks;
mod grants;
mod groups;
mod inputs;
mod instances;
mod members;
mod names;
mod rules;
mod tags;
mod zones;

use std::collections::BTreeMap;

use crate::model::machine::Machine;
use crate::model::{Identity, Role, StackFact};
use crate::service::{Endpoint, Services};
use crate::source::Span;

pub use arn::{Arn, Resource};
pub use disks::{Disk, FleetingDisk, KeptDisk};
pub use grants::{Condition, Grant};
pub use groups::{Group, Replacement, Wait};
pub use inputs::{Allowed, Asked, Input, Inputs};
pub use instances::Instances;
pub use members::{Members, Membership};
pub use names::Names;
pub use rules::{Peer, Rule, Source};
pub use tags::Tag;
pub use zones::Zone;

/// What AWS runs the nodes of a role in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<'a> {
    /// Where the profile asks for it.
    pub span: Span,
    /// The role's name.
    pub role: &'a str,
    /// The cluster's name.
    pub cluster: &'a str,
    /// What it is, for people.
    pub description: String,
    /// How many nodes it is for.
    pub nodes: usize,
    /// What is asked of whoever makes it.
    pub inputs: Inputs,
    /// Where the nodes are, in the order of the profile; one without a name where it says none.
    pub zones: Vec<Zone<'a>>,
    /// Groups of machines that rules are about.
    pub members: Vec<Members>,
    /// Who may reach the nodes, by port.
    pub rules: Vec<Rule>,
    /// Roles whose services the nodes use: the nodes are members of their clients.
    pub peers: Vec<Peer>,
    /// The private DNS zone that holds the nodes' names; `None` where they have none.
    pub names: Option<Names<'a>>,
    /// What all instances have in common.
    pub instances: Instances<'a>,
    /// Groups of instances, in the order in which they are made and replaced.
    pub groups: Vec<Group<'a>>,
    /// What making all of it waits for at its end, where nodes need each other to become healthy. It depends on
    /// nothing: a node may be healthy before the last group is there, and its signal must not be lost.
    pub wait: Option<Wait>,
    /// What clients connect to.
    pub endpoints: Vec<Endpoint>,
}

impl Plan<'_> {
    /// Returns whether any disk outlives its instance; such a disk must be in the zone of whoever attaches it, and no
    /// change of the stack may take it away.
    pub fn keeps_disks(&self) -> bool {
        keeps_disks(&self.groups)
    }
}

fn keeps_disks(groups: &[Group<'_>]) -> bool {
    groups.iter().any(|group| !group.kept.is_empty())
}

/// Plans what the nodes of a role run in; `None` where it has no stack.
pub fn build<'a>(role: &'a Role, services: &Services, machines: &[Machine]) -> Option<Plan<'a>> {
    let aws = role.aws.as_ref()?;
    let found = zones::zones(role, aws);
    let decides = services.volumes().any(|(_, kept)| kept.majority);
    let groups = groups::groups(role, aws, machines, &found, decides);
    let zones = found.all;
    let rules = rules::rules(role, services, aws);
    let peers = rules::peers(services);
    let names = names::names(role, aws);
    let values = machines.iter().flat_map(|machine| &machine.stack);
    let values: BTreeMap<StackFact, String> =
        values.map(|value| (value.fact, value.now.clone())).collect();
    let inputs = inputs::inputs(&inputs::Facts {
        aws,
        zones: &zones,
        keeps_disks: keeps_disks(&groups),
        peers: &peers,
        names: names.as_ref(),
        values: &values,
    });
    let together = Wait { nodes: groups.len(), patience: aws.patience.value };
    Some(Plan {
        span: aws.span,
        role: &role.name,
        cluster: &role.cluster.value,
        description: description(role),
        nodes: role.nodes.len(),
        inputs,
        zones,
        members: members::members(role, &rules),
        rules,
        peers,
        names,
        instances: instances::instances(role, aws),
        groups,
        wait: (role.identity.value == Identity::Pinned).then_some(together),
        endpoints: services.endpoints(),
    })
}

fn description(role: &Role) -> String {
    if role.description.is_empty() {
        return format!("The role {} of cluster {}", role.name, role.cluster.value);
    }
    role.description.clone()
}
