//! The parameters of a template: only those that something in it uses, each with what it is for.

use crate::model::{self, Ami, HostedZone, Identity, StackFact};
use crate::plan::Stack;

use super::document::{
    Assertion, Condition, Label, Named, Parameter, ParameterGroup, Rule, Template,
};
use super::expression::Value;

pub(super) const VPC: &str = "Vpc";
pub(super) const IMAGE: &str = "Image";
pub(super) const INSTANCE_TYPE: &str = "InstanceType";
pub(super) const KEY_PAIR: &str = "KeyPair";
pub(super) const PUBLIC_IP: &str = "AssociatePublicIp";
pub(super) const SSH_FROM: &str = "SshFrom";
pub(super) const HOSTED_ZONE: &str = "HostedZoneId";
pub(super) const ADVERTISED: &str = "AdvertisedAddress";
/// Whether a key pair is given.
pub(super) const HAS_KEY_PAIR: &str = "HasKeyPair";

const VPC_TYPE: &str = "AWS::EC2::VPC::Id";
const SUBNET_TYPE: &str = "AWS::EC2::Subnet::Id";
const ZONE_TYPE: &str = "AWS::EC2::AvailabilityZone::Name";

/// Returns the parameter of the subnet of a zone.
pub(super) fn subnet(zone: &str) -> String {
    format!("Subnet{zone}")
}

/// Returns the parameter of the real name of a zone.
pub(super) fn zone(zone: &str) -> String {
    format!("Zone{zone}")
}

/// Returns the parameter of a role's client security group.
pub(super) fn clients_of(role: &str) -> String {
    format!("{role}Clients")
}

/// Adds all parameters, what must hold of them, and how the console shows them.
pub(super) fn add(stack: &Stack<'_>, template: &mut Template) {
    let groups: [(&'static str, Vec<(String, Parameter)>); 3] =
        [("Network", network(stack)), ("Instances", instances(stack)), ("Cluster", cluster(stack))];
    for (label, parameters) in groups {
        if parameters.is_empty() {
            continue;
        }
        let names = parameters.iter().map(|(name, _)| name.clone()).collect();
        let group = ParameterGroup { label: Label { default: label }, parameters: names };
        template.metadata.interface.parameter_groups.push(group);
        template.parameters.0.extend(parameters);
    }
    let equals = |a, b| Condition::Equals(Box::new((a, b)));
    let nothing = Condition::Value(Value::text(""));
    let key_pair = Condition::Value(Value::reference(KEY_PAIR));
    template.conditions.add(HAS_KEY_PAIR, Condition::Not([Box::new(equals(key_pair, nothing))]));
    rules(stack, &mut template.rules);
}

fn network(stack: &Stack<'_>) -> Vec<(String, Parameter)> {
    let mut made = vec![(
        VPC.to_owned(),
        Parameter {
            kind: VPC_TYPE,
            description: "Network that the nodes are in".to_owned(),
            ..Parameter::default()
        },
    )];
    for one in &stack.zones {
        let who = nodes_of(stack, &one.nodes);
        let named = one.name.map(|name| format!(" (zone {} of the profile)", name.value));
        let named = named.unwrap_or_default();
        made.push((
            subnet(&one.id),
            Parameter {
                kind: SUBNET_TYPE,
                description: format!("Subnet of {who}{named}"),
                ..Parameter::default()
            },
        ));
        if needs_zone(stack) {
            made.push((
                zone(&one.id),
                Parameter {
                    kind: ZONE_TYPE,
                    description: format!(
                        "Availability zone of that subnet, for the volumes of {who}"
                    ),
                    ..Parameter::default()
                },
            ));
        }
    }
    if let Some(network) = &stack.aws.ssh_from {
        made.push((
            SSH_FROM.to_owned(),
            Parameter {
                kind: "String",
                description: "Network that may reach SSH, in CIDR notation".to_owned(),
                default: Some(network.value.clone()),
                allowed_pattern: Some(r"^(\d{1,3}\.){3}\d{1,3}/\d{1,2}$"),
                constraint_description: Some("must be an IPv4 network such as 10.0.0.0/8"),
                ..Parameter::default()
            },
        ));
    }
    for peer in &stack.peers {
        made.push((
            clients_of(&peer.id),
            Parameter {
                kind: "AWS::EC2::SecurityGroup::Id",
                description: format!(
                    "Client security group of role {}: output ClientSecurityGroup of its stack",
                    peer.role
                ),
                ..Parameter::default()
            },
        ));
    }
    if stack.domain.is_some() && stack.aws.hosted_zone.value == HostedZone::Parameter {
        made.push((
            HOSTED_ZONE.to_owned(),
            Parameter {
                kind: "AWS::Route53::HostedZone::Id",
                description: format!(
                    "Private DNS zone {} of that network",
                    stack.domain.unwrap_or_default()
                ),
                ..Parameter::default()
            },
        ));
    }
    made
}

/// A volume must be in the zone of the instance that attaches it.
fn needs_zone(stack: &Stack<'_>) -> bool {
    stack.groups.iter().any(|group| !group.kept.is_empty())
}

fn instances(stack: &Stack<'_>) -> Vec<(String, Parameter)> {
    let aws = stack.aws;
    let image = match &aws.ami.value {
        Ami::Parameter(name) => Some(Parameter {
            kind: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
            description: "SSM parameter that holds the id of the image".to_owned(),
            default: Some(name.clone()),
            ..Parameter::default()
        }),
        Ami::Id(id) => Some(Parameter {
            kind: "AWS::EC2::Image::Id",
            description: "Image of the root disk".to_owned(),
            default: Some(id.clone()),
            ..Parameter::default()
        }),
        Ami::Regions(_) => None,
    };
    let mut made: Vec<_> = image.map(|image| (IMAGE.to_owned(), image)).into_iter().collect();
    made.push((
        INSTANCE_TYPE.to_owned(),
        Parameter {
            kind: "String",
            description: "Type of the instances".to_owned(),
            default: Some(aws.instance_type.value.clone()),
            allowed_pattern: Some(r"^[a-z0-9-]+\.[a-z0-9-]+$"),
            constraint_description: Some("must be an instance type such as m6i.large"),
            ..Parameter::default()
        },
    ));
    made.push((
        KEY_PAIR.to_owned(),
        Parameter {
            kind: "String",
            description: "EC2 key pair for SSH; none where empty".to_owned(),
            default: Some(aws.key_pair.as_ref().map(|key| key.value.clone()).unwrap_or_default()),
            max_length: Some(255),
            ..Parameter::default()
        },
    ));
    made.push((
        PUBLIC_IP.to_owned(),
        Parameter {
            kind: "String",
            description: "Whether instances get a public address".to_owned(),
            default: Some(aws.public_ip.value.to_string()),
            allowed_values: vec!["true", "false"],
            ..Parameter::default()
        },
    ));
    made
}

/// What the stack's own values come from.
fn cluster(stack: &Stack<'_>) -> Vec<(String, Parameter)> {
    let mut made = Vec::new();
    for (asked, now) in stack.parameters() {
        let model::Parameter {
            name,
            word: _,
            variable: _,
            description,
            pattern,
            constraint,
            longest,
        } = asked;
        made.push((
            (*name).to_owned(),
            Parameter {
                kind: "String",
                description: (*description).to_owned(),
                default: Some(now),
                allowed_pattern: Some(pattern),
                max_length: Some(*longest),
                constraint_description: Some(constraint),
                ..Parameter::default()
            },
        ));
    }
    if let Some(now) = stack.value(StackFact::Advertised) {
        made.push((
            ADVERTISED.to_owned(),
            Parameter {
                kind: "String",
                description: "Which address a node's DNS name leads to".to_owned(),
                default: Some(now),
                allowed_values: vec!["private_ipv4", "public_ipv4"],
                ..Parameter::default()
            },
        ));
    }
    made
}

/// Says before anything is made that subnets, zones and network go together.
fn rules(stack: &Stack<'_>, rules: &mut Named<Rule>) {
    let mut all_in = |id: &str, attribute: &'static str, among: &'static str, why: &str| {
        let found = Condition::ValueOfAll(SUBNET_TYPE, attribute);
        let assert = Condition::EachMemberIn(Box::new((found, Condition::RefAll(among))));
        let assert_description = why.to_owned();
        rules.add(id, Rule { assertions: vec![Assertion { assert, assert_description }] });
    };
    all_in("SubnetsOfVpc", "VpcId", VPC_TYPE, "All subnets must be in the network Vpc");
    if needs_zone(stack) {
        let why =
            "Each subnet must be in the zone named beside it, or its volumes cannot be attached";
        all_in("SubnetsOfZones", "AvailabilityZone", ZONE_TYPE, why);
    }
}

/// Most nodes named in a description.
const MOST_NAMED: usize = 3;

fn nodes_of(stack: &Stack<'_>, positions: &[usize]) -> String {
    if stack.cluster.identity.value == Identity::Shared {
        return "the nodes".to_owned();
    }
    let nodes = positions.iter().filter_map(|position| stack.cluster.nodes.get(*position));
    let mut names: Vec<&str> = nodes.map(|node| node.name.value.as_str()).collect();
    let more = names.len() > MOST_NAMED;
    names.truncate(MOST_NAMED);
    format!("{}{}", names.join(", "), if more { " and others" } else { "" })
}
