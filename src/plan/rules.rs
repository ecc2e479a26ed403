//! Who may reach the nodes: the port plan of the role as rules of security groups.
//!
//! Members reach each other on every port that any of them listens on. What clients use is open to members of the
//! stack's client group, what monitoring reads to those of its monitoring group, and nothing to anybody else unless the
//! profile says so.

use std::collections::BTreeSet;

use crate::model::{Aws, KafkaMode, Parts, Port, Role, logical_id};

/// A rule: one port, one protocol, one source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// The port.
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
    Ssh,
    /// A network.
    Network(String),
}

/// A role whose services the nodes use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its name.
    pub role: String,
    /// What the logical id of its parameter begins with.
    pub id: String,
}

/// Who uses a port, judging by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Members,
    Clients,
    Monitoring,
}

fn use_of(port: &Port) -> Use {
    match port.name.value.as_str() {
        "peer" | "election" | "controller" => Use::Members,
        "metrics" | "admin" => Use::Monitoring,
        _ => Use::Clients,
    }
}

/// Returns all rules, by port.
pub(super) fn rules(cluster: &Role, parts: &[Parts], aws: &Aws) -> Vec<Rule> {
    let mut rules = BTreeSet::new();
    if aws.ssh_from.is_some() {
        let what = "SSH".to_owned();
        rules.insert(Rule { port: 22, udp: false, from: Source::Ssh, what });
    }
    // The controllers' port is on the first nodes alone.
    let services = parts.iter().flat_map(|parts| &parts.containers);
    for container in services.chain(&cluster.containers) {
        for port in &container.ports {
            let mut add = |from: Source| {
                let name = &container.name.value;
                let what = match port.name.value.as_str() {
                    same if same == name => name.clone(),
                    other => format!("{name} {other}"),
                };
                rules.insert(Rule { port: port.number.value, udp: port.udp, from, what });
            };
            let used_by = use_of(port);
            if used_by != Use::Monitoring {
                add(Source::Nodes);
            }
            match used_by {
                Use::Members => {}
                Use::Monitoring => add(Source::Monitoring),
                Use::Clients => {
                    add(Source::Clients);
                    let networks = aws.clients_from.iter().map(|network| network.value.clone());
                    networks.for_each(|network| add(Source::Network(network)));
                }
            }
        }
    }
    rules.into_iter().collect()
}

/// Returns the roles whose services the nodes use.
pub(super) fn peers(cluster: &Role) -> Vec<Peer> {
    let role = match cluster.kafka.as_ref().map(|kafka| &kafka.mode.value) {
        Some(KafkaMode::Zookeeper { role: Some(role), .. }) => Some(role),
        Some(KafkaMode::Zookeeper { role: None, .. } | KafkaMode::Kraft { .. }) | None => None,
    };
    role.map(|role| Peer { role: role.value.clone(), id: logical_id(&role.value) })
        .into_iter()
        .collect()
}
