//! What a group's instances may ask of AWS, as a role of their own (IAM JSON policy reference).

use crate::plan::{self, Arn, Grant, Group, Plan};

use super::document::Resource;
use super::expression::Value;
use super::ids;
use super::named::Named;
use super::resources::{InlinePolicy, InstanceProfile, Kind, Policy, Principal, Role, Statement};

/// Adds the role of a group and its instance profile.
pub(super) fn add(plan: &Plan<'_>, group: &Group<'_>, resources: &mut Named<Resource>) {
    let assumed = Statement {
        effect: "Allow",
        principal: Some(Principal { service: Value::Sub("ec2.${AWS::URLSuffix}".to_owned()) }),
        action: vec!["sts:AssumeRole"],
        resource: Vec::new(),
        condition: Named::default(),
    };
    let statements = group.grants.iter().map(|grant| statement(plan, grant));
    let role = Role {
        description: format!("What {} may ask of AWS", group.name),
        assume_role_policy_document: Policy::of(vec![assumed]),
        managed_policy_arns: plan.instances.policies.iter().map(|&arn| arn.to_owned()).collect(),
        policies: vec![InlinePolicy {
            policy_name: "units",
            policy_document: Policy::of(statements.collect()),
        }],
        tags: group.tags.iter().map(Into::into).collect(),
    };
    resources.add(ids::role(group), Kind::Role(role).into());
    let profile = InstanceProfile { roles: vec![Value::Ref(ids::role(group))] };
    resources.add(ids::profile(group), Kind::InstanceProfile(profile).into());
}

fn statement(plan: &Plan<'_>, grant: &Grant) -> Statement {
    let Grant { actions, on, when } = grant;
    let mut condition = Named::default();
    if let Some(plan::Condition { operator, entries }) = when {
        let entries = entries.iter().map(|(key, value)| (key.clone(), vec![value.clone()]));
        condition.add(*operator, Named(entries.collect()));
    }
    Statement {
        effect: "Allow",
        principal: None,
        action: actions.clone(),
        resource: on.iter().map(|resource| spelt(plan, &resource.arn())).collect(),
        condition,
    }
}

fn spelt(plan: &Plan<'_>, arn: &Arn) -> Value {
    match arn {
        Arn::Any => Value::text("*"),
        Arn::Stack => Value::reference("AWS::StackId"),
        Arn::Whole(arn) => Value::text(arn.as_str()),
        Arn::Here { service, path } => Value::Sub(format!(
            "arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{path}"
        )),
        Arn::Global { service, path } => {
            Value::Sub(format!("arn:${{AWS::Partition}}:{service}:::{path}"))
        }
        Arn::Elsewhere { service, region, account, path } => {
            Value::Sub(format!("arn:${{AWS::Partition}}:{service}:{region}:{account}:{path}"))
        }
        Arn::Zone => {
            let zone = match ids::zone(plan) {
                Some(Value::Ref(id)) => format!("hostedzone/${{{id}}}"),
                Some(Value::Text(id)) => format!("hostedzone/{id}"),
                _ => String::new(),
            };
            Value::Sub(format!("arn:${{AWS::Partition}}:route53:::{zone}"))
        }
    }
}
