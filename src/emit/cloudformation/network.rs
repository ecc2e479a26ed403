//! Security groups with their rules, and the private DNS zone.

use crate::model::HostedZone as Zone;
use crate::plan::{Rule, Source, Stack};

use super::document::{Named, Output, Resource};
use super::expression::Value;
use super::parameters::{HOSTED_ZONE, SSH_FROM, VPC};
use super::resources::{
    HostedZone, HostedZoneConfig, Kind, SecurityGroup, SecurityGroupIngress, Tag, Vpc,
};

pub(super) const NODES: &str = "NodeSecurityGroup";
const CLIENTS: &str = "ClientSecurityGroup";
const MONITORING: &str = "MonitoringSecurityGroup";
const ZONE: &str = "PrivateZone";

/// Returns the id of the private zone; `None` where the nodes have no names in one.
pub(super) fn zone_id(stack: &Stack<'_>) -> Option<Value> {
    stack.domain?;
    Some(match &stack.aws.hosted_zone.value {
        Zone::Create => Value::reference(ZONE),
        Zone::Parameter => Value::reference(HOSTED_ZONE),
        Zone::Id(id) => Value::text(id.as_str()),
    })
}

/// Returns the tags that tell what a resource belongs to.
pub(super) fn tags(stack: &Stack<'_>, name: String) -> Vec<Tag> {
    vec![
        Tag { key: "Name", value: name },
        Tag { key: "cfgbuild:cluster", value: stack.cluster.name.value.clone() },
        Tag { key: "cfgbuild:role", value: stack.cluster.role.clone() },
    ]
}

fn has(stack: &Stack<'_>, source: &Source) -> bool {
    stack.rules.iter().any(|rule| rule.from == *source)
}

/// Adds the groups, a rule for each port, and the zone.
pub(super) fn add(stack: &Stack<'_>, resources: &mut Named<Resource>) {
    let cluster = &stack.cluster.name.value;
    let groups = [
        (NODES, true, format!("Nodes of {cluster}")),
        (CLIENTS, has(stack, &Source::Clients), format!("May use the services of {cluster}")),
        (MONITORING, has(stack, &Source::Monitoring), format!("May read the metrics of {cluster}")),
    ];
    for (id, _, purpose) in groups.into_iter().filter(|(_, wanted, _)| *wanted) {
        let group = SecurityGroup {
            tags: tags(stack, purpose.clone()),
            group_description: purpose,
            vpc_id: Value::reference(VPC),
        };
        resources.add(id, Kind::SecurityGroup(group).into());
    }
    let mut networks: Vec<&str> = Vec::new();
    for rule in &stack.rules {
        let (who, group, cidr) = match &rule.from {
            Source::Nodes => ("Nodes".to_owned(), Some(NODES), None),
            Source::Clients => ("Clients".to_owned(), Some(CLIENTS), None),
            Source::Monitoring => ("Monitoring".to_owned(), Some(MONITORING), None),
            Source::Ssh => ("Ssh".to_owned(), None, Some(Value::reference(SSH_FROM))),
            Source::Network(network) => {
                let known = networks.iter().position(|known| known == network);
                let index = known.unwrap_or_else(|| {
                    networks.push(network);
                    networks.len() - 1
                });
                (format!("Network{}", index + 1), None, Some(Value::text(network.as_str())))
            }
        };
        let Rule { port, udp, from: _, what } = rule;
        let protocol = if *udp { "udp" } else { "tcp" };
        let ingress = SecurityGroupIngress {
            group_id: Value::attribute(NODES, "GroupId"),
            ip_protocol: protocol,
            from_port: *port,
            to_port: *port,
            source_security_group_id: group.map(|id| Value::attribute(id, "GroupId")),
            cidr_ip: cidr,
            description: what.clone(),
        };
        let suffix = if *udp { "Udp" } else { "" };
        resources.add(format!("{who}To{port}{suffix}"), Kind::SecurityGroupIngress(ingress).into());
    }
    if let (Some(domain), Zone::Create) = (stack.domain, &stack.aws.hosted_zone.value) {
        let zone = HostedZone {
            name: domain.to_owned(),
            hosted_zone_config: HostedZoneConfig { comment: format!("Nodes of {cluster}") },
            vpcs: vec![Vpc { id: Value::reference(VPC), region: Value::reference("AWS::Region") }],
        };
        resources.add(ZONE, Kind::HostedZone(zone).into());
    }
}

/// Adds what other stacks need: the groups to join, and the zone.
pub(super) fn outputs(stack: &Stack<'_>, outputs: &mut Named<Output>) {
    let mut add = |id: &str, description: &str, value: Value| {
        outputs.add(id, Output { description: description.to_owned(), value });
    };
    let group = |id: &str| Value::attribute(id, "GroupId");
    add(NODES, "Security group of the nodes", group(NODES));
    if has(stack, &Source::Clients) {
        add(CLIENTS, "Security group whose members may use the services", group(CLIENTS));
    }
    if has(stack, &Source::Monitoring) {
        add(MONITORING, "Security group whose members may read the metrics", group(MONITORING));
    }
    if let Some(id) = zone_id(stack) {
        add("PrivateZoneId", "Private DNS zone of the nodes", id);
    }
}
