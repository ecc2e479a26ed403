//! The parameters of a template, what must hold of them, and how the console shows them.

use crate::plan::{Allowed, Asked, Input, Inputs, Plan};

use super::document::{Assertion, Condition, Label, Parameter, ParameterGroup, Rule, Template};
use super::expression::Value;
use super::ids::{self, HAS_KEY_PAIR, KEY_PAIR};
use super::named::Named;

const VPC_TYPE: &str = "AWS::EC2::VPC::Id";
const SUBNET_TYPE: &str = "AWS::EC2::Subnet::Id";
const ZONE_TYPE: &str = "AWS::EC2::AvailabilityZone::Name";

pub(super) fn add(plan: &Plan<'_>, template: &mut Template) {
    let Inputs { network, instances, cluster } = &plan.inputs;
    for (label, inputs) in [("Network", network), ("Instances", instances), ("Cluster", cluster)] {
        if inputs.is_empty() {
            continue;
        }
        let made = inputs.iter().map(|input| (ids::parameter(plan, input.what), parameter(input)));
        let made: Vec<(String, Parameter)> = made.collect();
        let names = made.iter().map(|(name, _)| name.clone()).collect();
        let group = ParameterGroup { label: Label { default: label }, parameters: names };
        template.metadata.interface.parameter_groups.push(group);
        template.parameters.0.extend(made);
    }
    let equals = |a, b| Condition::Equals(Box::new((a, b)));
    let nothing = Condition::Value(Value::text(""));
    let key_pair = Condition::Value(Value::reference(KEY_PAIR));
    template.conditions.add(HAS_KEY_PAIR, Condition::Not([Box::new(equals(key_pair, nothing))]));
    rules(plan, &mut template.rules);
}

fn parameter(input: &Input) -> Parameter {
    let Input { what, description, default, allowed, longest } = input;
    let (words, pattern, constraint): (&[&'static str], _, _) = match allowed {
        Allowed::Any => (&[], None, None),
        Allowed::Words(words) => (words, None, None),
        Allowed::Pattern(pattern, constraint) => (&[], Some(*pattern), Some(*constraint)),
    };
    Parameter {
        kind: kind(*what),
        description: description.clone(),
        default: default.clone(),
        allowed_values: words.to_vec(),
        allowed_pattern: pattern,
        max_length: *longest,
        constraint_description: constraint,
    }
}

/// Returns the type of a parameter.
fn kind(what: Asked) -> &'static str {
    match what {
        Asked::Network => VPC_TYPE,
        Asked::Subnet(_) => SUBNET_TYPE,
        Asked::ZoneName(_) => ZONE_TYPE,
        Asked::ClientsOf(_) => "AWS::EC2::SecurityGroup::Id",
        Asked::HostedZone => "AWS::Route53::HostedZone::Id",
        Asked::ImageParameter => "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
        Asked::ImageId => "AWS::EC2::Image::Id",
        Asked::SshFrom
        | Asked::InstanceType
        | Asked::KeyPair
        | Asked::PublicIp
        | Asked::Service(_)
        | Asked::Advertised => "String",
    }
}

/// Says before anything is made that subnets, zones and network go together.
fn rules(plan: &Plan<'_>, rules: &mut Named<Rule>) {
    let mut all_in = |id: &str, attribute: &'static str, among: &'static str, why: &str| {
        let found = Condition::ValueOfAll(SUBNET_TYPE, attribute);
        let assert = Condition::EachMemberIn(Box::new((found, Condition::RefAll(among))));
        let assert_description = why.to_owned();
        rules.add(id, Rule { assertions: vec![Assertion { assert, assert_description }] });
    };
    all_in("SubnetsOfVpc", "VpcId", VPC_TYPE, "All subnets must be in the network Vpc");
    if plan.keeps_disks() {
        let why =
            "Each subnet must be in the zone named beside it, or its volumes cannot be attached";
        all_in("SubnetsOfZones", "AvailabilityZone", ZONE_TYPE, why);
    }
}
