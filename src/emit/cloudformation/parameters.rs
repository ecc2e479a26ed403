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
    if plan.instances.key_pair.is_none() {
        let nothing = Condition::Value(Value::text(""));
        let key_pair = Condition::Value(Value::reference(KEY_PAIR));
        template.conditions.add(HAS_KEY_PAIR, not(equals(key_pair, nothing)));
    }
    rules(plan, &mut template.rules);
}

fn parameter(input: &Input) -> Parameter {
    let Input { what, description, default, allowed, longest } = input;
    let (pattern, constraint) = match allowed {
        Allowed::Any => (None, None),
        Allowed::Pattern(pattern, constraint) => (Some(*pattern), Some(*constraint)),
    };
    Parameter {
        kind: kind(*what),
        description: description.clone(),
        default: default.clone(),
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
        Asked::KeyPair | Asked::Service(_) => "String",
    }
}

/// Says before anything is made that subnets, zones and network go together.
fn rules(plan: &Plan<'_>, rules: &mut Named<Rule>) {
    let value = |asked| Condition::Value(Value::Ref(ids::parameter(plan, asked)));
    let found = Condition::ValueOfAll(SUBNET_TYPE, "VpcId");
    let in_network = Condition::EachMemberIn(Box::new((found, Condition::RefAll(VPC_TYPE))));
    let why = "All subnets must be in the network Vpc".to_owned();
    rules.add("SubnetsOfVpc", Rule { assertions: vec![assertion(in_network, why)] });
    if !plan.keeps_disks() {
        return;
    }
    let zones = || 0..plan.zones.len();
    let beside = zones().map(|index| {
        let subnet = ids::parameter(plan, Asked::Subnet(index));
        let zone = ids::parameter(plan, Asked::ZoneName(index));
        let why = format!("{zone} must be the zone of {subnet}, or volumes cannot be attached");
        let found = Condition::ValueOf(subnet, "AvailabilityZone");
        assertion(Condition::Contains(Box::new(([value(Asked::ZoneName(index))], found))), why)
    });
    rules.add("SubnetsOfZones", Rule { assertions: beside.collect() });
    // Two zones of the profile in one of AWS go down together, and nobody would have been told.
    let pairs = zones().flat_map(|one| (one + 1..plan.zones.len()).map(move |other| (one, other)));
    let apart: Vec<Assertion> = pairs
        .map(|(one, other)| {
            let [first, second] =
                [one, other].map(|index| ids::parameter(plan, Asked::ZoneName(index)));
            let same = equals(value(Asked::ZoneName(one)), value(Asked::ZoneName(other)));
            assertion(not(same), format!("{first} and {second} must be different zones"))
        })
        .collect();
    if !apart.is_empty() {
        rules.add("ZonesApart", Rule { assertions: apart });
    }
}

fn assertion(assert: Condition, assert_description: String) -> Assertion {
    Assertion { assert, assert_description }
}

fn equals(one: Condition, other: Condition) -> Condition {
    Condition::Equals(Box::new((one, other)))
}

fn not(condition: Condition) -> Condition {
    Condition::Not([Box::new(condition)])
}
