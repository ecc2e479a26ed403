//! What whoever makes the stack is asked: only what something in it uses, each with what it is for.

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
    /// The network that may reach SSH.
    SshFrom,
    /// The group whose members may use the services of a peer, as a position in [`super::Plan::peers`].
    ClientsOf(usize),
    /// The private DNS zone.
    HostedZone,
    /// The name of an SSM parameter that holds the id of the image.
    ImageParameter,
    ImageId,
    /// The type of the instances.
    InstanceType,
    /// The key pair for SSH; none where it is empty.
    KeyPair,
    /// Whether instances get a public address.
    PublicIp,
    /// What a service asks for.
    Service(&'static Parameter),
    /// Which address a node's name leads to.
    Advertised,
}

/// What may be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// What its kind allows.
    Any,
    /// One of these.
    Words(&'static [&'static str]),
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
    for (index, Zone { name, id: _, who }) in facts.zones.iter().enumerate() {
        let named = name.map(|name| format!(" (zone {name} of the profile)")).unwrap_or_default();
        made.push(input(Asked::Subnet(index), format!("Subnet of {who}{named}")));
        if facts.keeps_disks {
            let text = format!("Availability zone of that subnet, for the volumes of {who}");
            made.push(input(Asked::ZoneName(index), text));
        }
    }
    if let Some(network) = &facts.aws.ssh_from {
        made.push(Input {
            default: Some(network.value.clone()),
            allowed: Allowed::Pattern(
                r"^(\d{1,3}\.){3}\d{1,3}/\d{1,2}$",
                "must be an IPv4 network such as 10.0.0.0/8",
            ),
            ..input(Asked::SshFrom, "Network that may reach SSH, in CIDR notation")
        });
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
            ..input(Asked::ImageParameter, "SSM parameter that holds the id of the image")
        }),
        Ami::Id(id) => Some(Input {
            default: Some(id.clone()),
            ..input(Asked::ImageId, "Image of the root disk")
        }),
        Ami::Regions(_) => None,
    };
    let key_pair = aws.key_pair.as_ref().map(|key| key.value.clone());
    let always = [
        Input {
            default: Some(aws.instance_type.value.clone()),
            allowed: Allowed::Pattern(
                r"^[a-z0-9-]+\.[a-z0-9-]+$",
                "must be an instance type such as m6i.large",
            ),
            ..input(Asked::InstanceType, "Type of the instances")
        },
        Input {
            default: Some(key_pair.unwrap_or_default()),
            longest: Some(255),
            ..input(Asked::KeyPair, "EC2 key pair for SSH; none where empty")
        },
        Input {
            default: Some(aws.public_ip.value.to_string()),
            allowed: Allowed::Words(&["true", "false"]),
            ..input(Asked::PublicIp, "Whether instances get a public address")
        },
    ];
    image.into_iter().chain(always).collect()
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
            StackFact::Advertised => Input {
                default: Some(now.clone()),
                allowed: Allowed::Words(&["private_ipv4", "public_ipv4"]),
                ..input(Asked::Advertised, "Which address a node's DNS name leads to")
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
