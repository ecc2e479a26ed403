//! How a broker, or a controller, leaves.

use super::super::goodbye::{Farewell, Goodbye, client, stayer};
use super::super::member::{Member, host};
use super::broker::{Kafka, Mode, Part};
use super::rebalance::{Broker, Moving};
use super::topics::{BROKERS_OWN, program};
use crate::model::{Node, Role};

/// Returns a call of one of Kafka's tools, in the container of a server.
pub(super) fn call(kafka: &Kafka, role: &Role, tool: &str) -> String {
    let without: Vec<String> = BROKERS_OWN.iter().map(|name| format!("-u {name}")).collect();
    format!(
        "{} exec -i {} env {} {}",
        client(role),
        kafka.name,
        without.join(" "),
        program(kafka, tool)
    )
}

/// Returns the steps.
pub(super) fn steps(kafka: &Kafka, member: Member<'_>) -> Result<Goodbye, String> {
    let (role, node) = (member.role, member.node);
    let position =
        role.nodes.iter().position(|it| Some(&it.name) == stayer(role, node).map(|it| &it.name));
    let Some(other) = position.and_then(|position| Member::of(role, position)) else {
        return Err("no node stays that could take over".to_owned());
    };
    let at = &other.node.name.value;
    let (server, id) = (kafka.local(other), node.id.value);
    let reached = format!("--bootstrap-server {}:{}", server.0, server.1);
    if let Some(quorum) = kafka.quorum(role)
        && quorum.holds(member.position)
    {
        let Some(Part::Controllers { .. }) = kafka.part() else {
            return Err(format!(
                "`{}` is a controller as well as a broker: how such a node leaves was not tried, so nothing is said",
                node.name.value
            ));
        };
        let tool = format!(
            "{} --bootstrap-controller {}:{}",
            call(kafka, role, "kafka-metadata-quorum"),
            host(other.node).unwrap_or_default(),
            quorum.port
        );
        let after = vec![Farewell::new(
            format!(
                "On {at}, read DIRECTORY, the directory id of controller {id}, and take it out of the quorum"
            ),
            [
                format!("{tool} describe --status"),
                format!(
                    "{tool} remove-controller --controller-id {id} --controller-directory-id DIRECTORY"
                ),
            ],
        )];
        return Ok(Goodbye { before: Vec::new(), after });
    }
    let before = vec![
        Farewell::new(
            format!("On {at}, see what everybody holds, and have the file here"),
            kafka.moving(role).map(|moving| moving.describe),
        ),
        Farewell::new(
            "Plan what moves away, and go through what that prints; then do both once more, until nothing moves"
                .to_owned(),
            [format!("cfgbuild rebalance {} topics.txt", role.name)],
        ),
    ];
    let after = match kafka.mode.value {
        Mode::Zookeeper { .. } => Vec::new(),
        Mode::Kraft { .. } => vec![Farewell::new(
            format!("On {at}, have the controllers forget broker {id}"),
            [format!("{} unregister {reached} --id {id}", call(kafka, role, "kafka-cluster"))],
        )],
    };
    Ok(Goodbye { before, after })
}

impl Kafka {
    /// Returns what a plan of moves needs; `None` where no broker stays.
    pub(super) fn moving(&self, role: &Role) -> Option<Moving> {
        if self.alone().is_some() {
            return None;
        }
        let stays = role.nodes.iter().position(|node| node.leaving.is_none())?;
        let member = Member::of(role, stays)?;
        let (server, port) = self.local(member);
        let reached = format!("--bootstrap-server {server}:{port}");
        let broker = |node: &Node| Broker {
            id: node.id.value,
            name: node.name.value.clone(),
            rack: node.zone.as_ref().map(|zone| zone.value.clone()),
            leaving: node.leaving.is_some(),
        };
        let tool = |name| call(self, role, name);
        Some(Moving {
            node: member.node.name.value.clone(),
            describe: format!("{} {reached} --describe >topics.txt", tool("kafka-topics")),
            reassign: format!(
                "{} {reached} --reassignment-json-file /dev/stdin",
                tool("kafka-reassign-partitions")
            ),
            brokers: role.nodes.iter().map(broker).collect(),
        })
    }
}
