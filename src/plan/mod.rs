//! What AWS runs the nodes of a role in: groups, who may reach whom, what machines may ask of AWS.
//!
//! Decides; knows no template and no format.

mod rules;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Call;
use crate::model::machine::Machine;
use crate::model::{Aws, Identity, Network, Parameter, Role, StackFact, Volume, VolumeSource, logical_id};
use crate::service::{Endpoint, Services};
use crate::source::Spanned;

pub use rules::{Peer, Rule, Source};

/// What AWS runs the nodes of a role in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack<'a> {
    /// What the profile says of it.
    pub aws: &'a Aws,
    /// The nodes it is for.
    pub cluster: &'a Role,
    /// Groups of instances: one per node, or one for all where nodes share a config.
    pub groups: Vec<Group<'a>>,
    /// Where the nodes are, in the order of the profile; one without a name where it says none.
    pub zones: Vec<Zone<'a>>,
    /// Who may reach the nodes, by port.
    pub rules: Vec<Rule>,
    /// Roles whose services the nodes use.
    pub peers: Vec<Peer>,
    /// The private DNS zone that holds the nodes' names; `None` where they have none.
    pub domain: Option<&'a str>,
    /// How many hops an answer of the metadata service may travel: a container on a bridge is one away.
    pub hop_limit: u32,
    /// What clients connect to.
    pub endpoints: Vec<Endpoint>,
    /// The values that machines expect of it, as they are until it says otherwise.
    values: BTreeMap<StackFact, String>,
}

impl Stack<'_> {
    /// Returns what a value is until the stack says otherwise; `None` where no machine uses it.
    pub fn value(&self, fact: StackFact) -> Option<String> {
        self.values.get(&fact).cloned()
    }

    /// Returns what services ask of the stack, each with what it is until the stack says otherwise.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static Parameter, String)> {
        self.values.iter().filter_map(|(fact, now)| match fact {
            StackFact::Parameter(asked) => Some((*asked, now.clone())),
            StackFact::Name
            | StackFact::Id
            | StackFact::Region
            | StackFact::AccountId
            | StackFact::Partition
            | StackFact::ZoneId
            | StackFact::Advertised
            | StackFact::Group
            | StackFact::Ready => None,
        })
    }

    /// Returns what a group is called in tags: its node where nodes are told apart, else the cluster.
    pub fn name_of(&self, group: &Group<'_>) -> String {
        let first = group.nodes.first().and_then(|first| self.cluster.nodes.get(*first));
        match (self.cluster.identity.value, first) {
            (Identity::Pinned, Some(node)) => node.name.value.clone(),
            (Identity::Pinned | Identity::Shared, _) => self.cluster.name.value.clone(),
        }
    }
}

/// A group of instances that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<'a> {
    /// What the logical ids of its resources begin with; empty where it is the only one.
    pub id: String,
    /// Its nodes, as positions in the cluster; all get the user data of the first.
    pub nodes: Vec<usize>,
    /// Its zones, as positions in [`Stack::zones`].
    pub zones: Vec<usize>,
    /// Volumes that outlive its instance.
    pub kept: Vec<&'a Volume>,
    /// Volumes that come and go with each instance.
    pub fleeting: Vec<&'a Volume>,
    /// What its instances ask of AWS, and so what they may.
    pub calls: BTreeSet<Call>,
}

/// An availability zone, as the profile names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone<'a> {
    /// Its name in the profile; `None` where the profile has no zones.
    pub name: Option<&'a Spanned<String>>,
    /// What the logical ids of its parameters end in; may be empty.
    pub id: String,
    /// The nodes in it, as positions in the cluster.
    pub nodes: Vec<usize>,
}

/// Builds the stack of a role; `None` where it has none.
pub fn build<'a>(
    cluster: &'a Role,
    services: &Services,
    machines: &[Machine],
) -> Option<Stack<'a>> {
    let aws = cluster.aws.as_ref()?;
    let (zones, zone_of) = zones(cluster);
    let domain =
        cluster.nodes.iter().find_map(|node| domain_of(&node.name.value, node.address.as_ref()?));
    let domain = domain.filter(|_| cluster.identity.value == Identity::Pinned);
    Some(Stack {
        aws,
        cluster,
        groups: groups(cluster, machines, &zone_of),
        zones,
        rules: rules::rules(cluster, services, aws),
        peers: rules::peers(services),
        domain,
        hop_limit: hop_limit(cluster),
        endpoints: services.endpoints(),
        values: machines
            .iter()
            .flat_map(|machine| &machine.stack)
            .map(|value| (value.fact, value.now.clone()))
            .collect(),
    })
}

/// Returns the domain of a node that is reached under its own name.
fn domain_of<'a>(name: &str, address: &'a Spanned<String>) -> Option<&'a str> {
    address.value.strip_prefix(name)?.strip_prefix('.')
}

/// Returns the zones in the order in which nodes come to them, and the zone of each node.
fn zones(cluster: &Role) -> (Vec<Zone<'_>>, Vec<usize>) {
    let mut zones: Vec<Zone<'_>> = Vec::new();
    let mut zone_of = Vec::with_capacity(cluster.nodes.len());
    let mut known: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for (position, node) in cluster.nodes.iter().enumerate() {
        let name = node.zone.as_ref();
        let index = *known.entry(name.map(|name| name.value.as_str())).or_insert(zones.len());
        if index == zones.len() {
            let id = name.map(|name| logical_id(&name.value)).unwrap_or_default();
            zones.push(Zone { name, id, nodes: Vec::new() });
        }
        if let Some(zone) = zones.get_mut(index) {
            zone.nodes.push(position);
        }
        zone_of.push(index);
    }
    (zones, zone_of)
}

fn groups<'a>(cluster: &'a Role, machines: &[Machine], zone_of: &[usize]) -> Vec<Group<'a>> {
    let ebs = |keep: bool| {
        let wanted = move |volume: &&Volume| match &volume.source {
            VolumeSource::Ebs(ebs) => ebs.keep.value == keep,
            VolumeSource::Device(_) | VolumeSource::InstanceStore { .. } => false,
        };
        cluster.volumes.iter().filter(wanted).collect::<Vec<_>>()
    };
    let group = |id: String, nodes: Vec<usize>, zones: BTreeSet<usize>| {
        let machines = nodes.iter().filter_map(|position| machines.get(*position));
        let calls = machines.flat_map(|machine| machine.calls.iter().cloned()).collect();
        let zones = zones.into_iter().collect();
        Group { id, nodes, zones, kept: ebs(true), fleeting: ebs(false), calls }
    };
    match cluster.identity.value {
        Identity::Pinned => {
            let nodes = cluster.nodes.iter().zip(zone_of).enumerate();
            let group = nodes.map(|(position, (node, zone))| {
                group(logical_id(&node.name.value), vec![position], BTreeSet::from([*zone]))
            });
            group.collect()
        }
        Identity::Shared => {
            let nodes = (0..cluster.nodes.len()).collect();
            vec![group(String::new(), nodes, zone_of.iter().copied().collect())]
        }
    }
}

/// A container on a bridge is a hop further from the metadata service than the host.
fn hop_limit(cluster: &Role) -> u32 {
    let bridged = cluster.containers.iter().any(|one| one.network == Network::Bridge);
    if bridged { 2 } else { 1 }
}
