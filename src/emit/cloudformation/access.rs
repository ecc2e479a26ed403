//! What a group's instances may ask of AWS: a role of their own, and nothing more than their units call.

use crate::stack::{Group, Permission, Stack};

use super::document::{Named, Resource};
use super::expression::Value;
use super::network::{self, tags};
use super::resources::{InlinePolicy, InstanceProfile, Kind, Policy, Principal, Role, Statement};

/// Returns the logical id of a group's instance profile.
pub(super) fn profile_id(group: &Group<'_>) -> String {
    format!("{}InstanceProfile", group.id)
}

/// Adds the role of a group and its instance profile.
pub(super) fn add(stack: &Stack<'_>, group: &Group<'_>, resources: &mut Named<Resource>) {
    let role_id = format!("{}Role", group.id);
    let node = group.nodes.first().and_then(|first| stack.cluster.nodes.get(*first));
    let name = match (group.nodes.as_slice(), node) {
        ([_], Some(node)) => node.name.value.clone(),
        _ => stack.cluster.name.value.clone(),
    };
    let statements = group.permissions.iter().flat_map(|one| statements(stack, &name, one));
    let role = Role {
        description: format!("What {name} may ask of AWS"),
        assume_role_policy_document: Policy::of(vec![Statement {
            principal: Some(Principal { service: Value::Sub("ec2.${AWS::URLSuffix}".to_owned()) }),
            resource: Vec::new(),
            ..allow(vec!["sts:AssumeRole"], Vec::new())
        }]),
        managed_policy_arns: stack.aws.policies.iter().map(|arn| arn.value.clone()).collect(),
        policies: vec![InlinePolicy {
            policy_name: "units",
            policy_document: Policy::of(statements.collect()),
        }],
        tags: tags(stack, name),
    };
    resources.add(role_id.as_str(), Kind::Role(role).into());
    let profile = InstanceProfile { roles: vec![Value::Ref(role_id)] };
    resources.add(profile_id(group), Kind::InstanceProfile(profile).into());
}

fn allow(action: Vec<&'static str>, resource: Vec<Value>) -> Statement {
    Statement { effect: "Allow", principal: None, action, resource, condition: Named::default() }
}

fn anything() -> Vec<Value> {
    vec![Value::text("*")]
}

/// Returns an ARN in this stack's region and account.
fn here(service: &str, rest: &str) -> Value {
    Value::Sub(format!(
        "arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{rest}"
    ))
}

/// Returns an ARN of something that is in no region.
fn global(service: &str, rest: &str) -> Value {
    Value::Sub(format!("arn:${{AWS::Partition}}:{service}:::{rest}"))
}

fn statements(stack: &Stack<'_>, node: &str, permission: &Permission) -> Vec<Statement> {
    match permission {
        Permission::AttachVolumes => {
            let mut owned = Named::default();
            for (tag, value) in [
                ("cluster", stack.cluster.name.value.as_str()),
                ("role", stack.cluster.role.as_str()),
                ("node", node),
            ] {
                owned.add(format!("aws:ResourceTag/cfgbuild:{tag}"), vec![value.to_owned()]);
            }
            let mut condition = Named::default();
            condition.add("StringEquals", owned);
            let both = vec![here("ec2", "volume/*"), here("ec2", "instance/*")];
            vec![
                // EC2 knows no condition on what may be listed
                allow(vec!["ec2:DescribeVolumes"], anything()),
                Statement { condition, ..allow(vec!["ec2:AttachVolume"], both) },
            ]
        }
        Permission::OwnRecord { name } => {
            let zone = match network::zone_id(stack) {
                Some(Value::Ref(id)) => format!("hostedzone/${{{id}}}"),
                Some(Value::Text(id)) => format!("hostedzone/{id}"),
                _ => return Vec::new(),
            };
            let mut own = Named::default();
            for (key, value) in [
                ("NormalizedRecordNames", name.as_str()),
                ("RecordTypes", "A"),
                ("Actions", "UPSERT"),
            ] {
                own.add(format!("route53:ChangeResourceRecordSets{key}"), vec![value.to_owned()]);
            }
            let mut condition = Named::default();
            condition.add("ForAllValues:StringEquals", own);
            let resource = vec![global("route53", &zone)];
            vec![Statement {
                condition,
                ..allow(vec!["route53:ChangeResourceRecordSets"], resource)
            }]
        }
        Permission::Signal => {
            let stack = vec![Value::reference("AWS::StackId")];
            vec![allow(vec!["cloudformation:SignalResource"], stack)]
        }
        Permission::ReadAssets(assets) => {
            let slash = if assets.prefix.is_empty() { "" } else { "/" };
            let objects = format!("{}/{}{slash}*", assets.bucket, assets.prefix);
            vec![allow(vec!["s3:GetObject"], vec![global("s3", &objects)])]
        }
        Permission::Pull(repositories) => {
            let arn = |one: &crate::stack::Repository| {
                let crate::stack::Repository { account, region, name } = one;
                Value::Sub(format!(
                    "arn:${{AWS::Partition}}:ecr:{region}:{account}:repository/{name}"
                ))
            };
            let pull = vec!["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
            vec![
                allow(vec!["ecr:GetAuthorizationToken"], anything()),
                allow(pull, repositories.iter().map(arn).collect()),
            ]
        }
    }
}
