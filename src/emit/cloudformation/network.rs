//! Security groups with their rules, and the private DNS zone.

use crate::model;
use crate::plan::{Membership, Names, Plan, Rule, Source};

use super::document::{Export, Output, Resource};
use super::expression::Value;
use super::ids::{self, VPC, ZONE};
use super::named::Named;
use super::resources::{
    HostedZone, HostedZoneConfig, Kind, SecurityGroup, SecurityGroupIngress, Vpc,
};

/// Adds the groups, a rule for each port, and the zone.
pub(super) fn add(plan: &Plan<'_>, resources: &mut Named<Resource>) {
    for members in &plan.members {
        let group = SecurityGroup {
            group_description: members.purpose.clone(),
            vpc_id: Value::reference(VPC),
            tags: members.tags.iter().map(Into::into).collect(),
        };
        resources.add(ids::members(members.who), Kind::SecurityGroup(group).into());
    }
    let mut networks: Vec<&str> = Vec::new();
    for rule in &plan.rules {
        let group = |who| Some(ids::group_id(who));
        let (who, group, cidr) = match &rule.from {
            Source::Nodes => ("Nodes".to_owned(), group(Membership::Nodes), None),
            Source::Clients => ("Clients".to_owned(), group(Membership::Clients), None),
            Source::Monitoring => ("Monitoring".to_owned(), group(Membership::Monitoring), None),
            Source::Ssh(network) => ("Ssh".to_owned(), None, Some(Value::text(network.as_str()))),
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
            group_id: ids::group_id(Membership::Nodes),
            ip_protocol: protocol,
            from_port: *port,
            to_port: *port,
            source_security_group_id: group,
            cidr_ip: cidr,
            description: what.clone(),
        };
        let suffix = if *udp { "Udp" } else { "" };
        resources.add(format!("{who}To{port}{suffix}"), Kind::SecurityGroupIngress(ingress).into());
    }
    if let Some(Names { domain, zone: model::HostedZone::Create, comment }) = &plan.names {
        let zone = HostedZone {
            name: (*domain).to_owned(),
            hosted_zone_config: HostedZoneConfig { comment: comment.clone() },
            vpcs: vec![Vpc { id: Value::reference(VPC), region: Value::reference("AWS::Region") }],
        };
        resources.add(ZONE, Kind::HostedZone(zone).into());
    }
}

/// Adds what other stacks need: the groups to join, and the zone.
pub(super) fn outputs(plan: &Plan<'_>, outputs: &mut Named<Output>) {
    for members in &plan.members {
        let description = members.shown.to_owned();
        let value = ids::group_id(members.who);
        let id = ids::members(members.who);
        outputs.add(id, Output { description, value, export: Some(export(id)) });
    }
    if let Some(value) = ids::zone(plan) {
        let description = "Private DNS zone of the nodes".to_owned();
        let id = "PrivateZoneId";
        outputs.add(id, Output { description, value, export: Some(export(id)) });
    }
}

/// Returns the name that an output is exported by: the stack's name makes it the only one of its account and region.
fn export(id: &str) -> Export {
    Export { name: Value::Sub(format!("${{AWS::StackName}}-{id}")) }
}
