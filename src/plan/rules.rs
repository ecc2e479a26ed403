//! Who may reach the nodes: the port plan of the role as rules of security groups.
//!
//! Each listener says who its audience is: the other nodes, clients, which are members of the stack's client group, or
//! monitoring, which are those of its monitoring group. Nothing is open to anybody else unless the profile says so.

use std::collections::BTreeSet;

use crate::model::{Audience, Audiences, Aws, Role, logical_id};
use crate::service::Services;
use crate::source::Span;

/// A rule: one port, one protocol, one source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    pub port: u16,
    /// udp instead of tcp.
    pub udp: bool,
    /// Who may reach it.
    pub from: Source,
    /// What listens there.
    pub what: String,
}

/// Who may reach a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The nodes themselves.
    Nodes,
    /// Members of the client security group.
    Clients,
    /// Members of the monitoring security group.
    Monitoring,
    /// The network of `aws.ssh_from`.
    Ssh(String),
    Network(String),
}

/// A role whose services the nodes use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its name.
    pub role: String,
    /// Where the profile says it.
    pub span: Span,
    /// What the logical id of its parameter begins with.
    pub id: String,
}

/// Something that listens on the nodes.
struct Open<'a> {
    what: String,
    port: u16,
    udp: bool,
    audience: &'a Audiences,
}

/// Returns all rules, by port.
pub(super) fn rules(role: &Role, services: &Services, aws: &Aws) -> Vec<Rule> {
    let mut rules = BTreeSet::new();
    if let Some(network) = &aws.ssh_from {
        let what = "SSH".to_owned();
        rules.insert(Rule { port: 22, udp: false, from: Source::Ssh(network.value.clone()), what });
    }
    let of_services = services.listeners().map(|(owner, listener)| Open {
        what: title(&owner.name.value, &listener.name),
        port: listener.port.value,
        udp: false,
        audience: &listener.audience,
    });
    let of_containers = role.containers.iter().flat_map(|container| {
        container.ports.iter().map(|port| Open {
            what: title(&container.name.value, &port.name.value),
            port: port.number.value,
            udp: port.udp,
            audience: &port.audience,
        })
    });
    for Open { what, port, udp, audience } in of_services.chain(of_containers) {
        let mut add = |from: Source| {
            rules.insert(Rule { port, udp, from, what: what.clone() });
        };
        for (one, from) in [
            (Audience::Members, Source::Nodes),
            (Audience::Clients, Source::Clients),
            (Audience::Monitoring, Source::Monitoring),
        ] {
            if audience.includes(one) {
                add(from);
            }
        }
        if audience.includes(Audience::Clients) {
            let networks = aws.clients_from.iter().map(|network| network.value.clone());
            networks.for_each(|network| add(Source::Network(network)));
        }
    }
    rules.into_iter().collect()
}

/// Returns what listens, for people: its owner, and the port's name where that is another.
fn title(owner: &str, port: &str) -> String {
    if owner == port { owner.to_owned() } else { format!("{owner} {port}") }
}

/// Returns the roles whose services the nodes use.
pub(super) fn peers(services: &Services) -> Vec<Peer> {
    let roles = services.other_roles().into_iter();
    roles
        .map(|role| Peer { id: logical_id(&role.value), span: role.span, role: role.value })
        .collect()
}
