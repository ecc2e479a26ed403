//! What whoever makes the stack is asked: only what something in it uses, each with what it is for.
//!
//! What the profile says is not asked. The default of a parameter is read when the stack is made and never again: an
//! update sends the values that were in use, and what somebody changed in the profile would not arrive.

use std::collections::BTreeMap;

use crate::model::{Ami, Aws, HostedZone, Parameter, StackFact};

use super::names::Names;
use super::rules::Peer;
use super::zones::Zone;

/// Something that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    pub what: Asked,
    pub description: String,
    /// What it is unless somebody says otherwise; may be empty.
    pub default: Option<String>,
    /// What may be said.
    pub allowed: Allowed,
    /// Most bytes of it, where that matters.
    pub longest: Option<usize>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The network that the nodes are in.
    Network,
    /// The subnet of a zone, as a position in [`super::Plan::zones`].
    Subnet(usize),
    /// The real name of a zone.
    ZoneName(usize),
    /// The group whose members may use the services of a peer, as a position in [`super::Plan::peers`].
    ClientsOf(usize),
    /// The private DNS zone.
    HostedZone,
    /// The name of an SSM parameter that holds the id of the image.
    ImageParameter,
    /// The key pair for SSH; none where it is empty.
    KeyPair,
    /// What a service asks for.
    Service(&'static Parameter),
}

/// What may be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// What its kind allows.
    Any,
    /// What matches a regular expression; and the same in words.
    Pattern(&'static str, &'static str),
}

/// What inputs are sorted by, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Where the nodes are.
    pub network: Vec<Input>,
    /// What they run on.
    pub instances: Vec<Input>,
    /// What the machines are told.
    pub cluster: Vec<Input>,
}

/// What the inputs are made from.
pub(super) struct Facts<'p> {
    pub(super) aws: &'p Aws,
    pub(super) zones: &'p [Zone<'p>],
    /// Whether any disk is bound to a zone.
    pub(super) keeps_disks: bool,
    pub(super) peers: &'p [Peer],
    pub(super) names: Option<&'p Names<'p>>,
    /// The values that machines expect of the stack, as they are until it says otherwise.
    pub(super) values: &'p BTreeMap<StackFact, String>,
}

pub(super) fn inputs(facts: &Facts<'_>) -> Inputs {
    Inputs { network: network(facts), instances: instances(facts.aws), cluster: cluster(facts) }
}

fn input(what: Asked, description: impl Into<String>) -> Input {
    Input {
        what,
        description: description.into(),
        default: None,
        allowed: Allowed::Any,
        longest: None,
    }
}

fn network(facts: &Facts<'_>) -> Vec<Input> {
    let mut made = vec![input(Asked::Network, "Network that the nodes are in")];
    for (index, Zone { name, span: _, id: _, who }) in facts.zones.iter().enumerate() {
        let named = name.map(|name| format!(" (zone {name} of the profile)")).unwrap_or_default();
        made.push(input(Asked::Subnet(index), format!("Subnet of {who}{named}")));
        if facts.keeps_disks {
            let text = format!("Availability zone of that subnet, for the volumes of {who}");
            made.push(input(Asked::ZoneName(index), text));
        }
    }
    for (index, peer) in facts.peers.iter().enumerate() {
        let text = format!(
            "Client security group of role {}: output ClientSecurityGroup of its stack",
            peer.role
        );
        made.push(input(Asked::ClientsOf(index), text));
    }
    if let Some(Names { domain, zone: HostedZone::Parameter, comment: _ }) = facts.names {
        let text = format!("Private DNS zone {domain} of that network");
        made.push(input(Asked::HostedZone, text));
    }
    made
}

fn instances(aws: &Aws) -> Vec<Input> {
    let image = match &aws.ami.value {
        Ami::Parameter(name) => Some(Input {
            default: Some(name.clone()),
            ..input(
                Asked::ImageParameter,
                "SSM parameter that holds the id of the image; read anew at each update",
            )
        }),
        Ami::Id(_) | Ami::Regions(_) => None,
    };
    let key_pair = aws.key_pair.is_none().then(|| Input {
        default: Some(String::new()),
        longest: Some(255),
        ..input(Asked::KeyPair, "EC2 key pair for SSH; none where empty")
    });
    image.into_iter().chain(key_pair).collect()
}

/// What the stack's own values come from.
fn cluster(facts: &Facts<'_>) -> Vec<Input> {
    let mut made = Vec::new();
    for (fact, now) in facts.values {
        let asked = match fact {
            StackFact::Parameter(asked) => Input {
                default: Some(now.clone()),
                allowed: Allowed::Pattern(asked.pattern, asked.constraint),
                longest: Some(asked.longest),
                ..input(Asked::Service(asked), asked.description)
            },
            StackFact::Name
            | StackFact::Id
            | StackFact::Region
            | StackFact::AccountId
            | StackFact::Partition
            | StackFact::ZoneId
            | StackFact::Group
            | StackFact::Ready => continue,
        };
        made.push(asked);
    }
    made
}
