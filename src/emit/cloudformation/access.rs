//! What a group's instances may ask of AWS: a role of their own, and nothing more than their units call.

use crate::model::Assets;
use crate::model::Call;
use crate::plan::{Group, Stack};

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
    let name = stack.name_of(group);
    let statements = group.calls.iter().flat_map(|call| statements(stack, group, call));
    let statements = statements.chain(stack.aws.assets.iter().map(|assets| reads(&assets.value)));
    let statements = statements.chain(encrypted(stack, group));
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

/// Returns a statement for each resource that a call is about; their actions are the call's, no more and no fewer.
fn statements(stack: &Stack<'_>, group: &Group<'_>, call: &Call) -> Vec<Statement> {
    let mut made: Vec<Statement> = Vec::new();
    for action in call.actions() {
        let (resource, condition) = scope(stack, group, call, action);
        match made.iter_mut().find(|one| one.resource == resource && one.condition == condition) {
            Some(one) => one.action.push(action),
            None => made.push(Statement { condition, ..allow(vec![action], resource) }),
        }
    }
    made
}

/// Conditions by operator and key.
type Conditions = Named<Named<Vec<String>>>;

/// Returns what an action of a call may be done to.
fn scope(
    stack: &Stack<'_>,
    group: &Group<'_>,
    call: &Call,
    action: &str,
) -> (Vec<Value>, Conditions) {
    let always = Conditions::default;
    match call {
        Call::AttachVolume if action == "ec2:AttachVolume" => {
            let both = vec![here("ec2", "volume/*"), here("ec2", "instance/*")];
            let owner = [
                ("aws:ResourceTag/cfgbuild:cluster", stack.cluster.name.value.clone()),
                ("aws:ResourceTag/cfgbuild:role", stack.cluster.role.clone()),
                ("aws:ResourceTag/cfgbuild:node", stack.name_of(group)),
            ];
            (both, condition("StringEquals", owner))
        }
        Call::SetName if action == "route53:ChangeResourceRecordSets" => {
            let first = group.nodes.first().and_then(|first| stack.cluster.nodes.get(*first));
            let name = first.and_then(|node| node.address.as_ref());
            let own = [
                ("NormalizedRecordNames", name.map(|name| name.value.clone()).unwrap_or_default()),
                ("RecordTypes", "A".to_owned()),
                ("Actions", "UPSERT".to_owned()),
            ];
            let own = own.map(|(key, value)| (format!("{action}{key}"), value));
            let zone = match network::zone_id(stack) {
                Some(Value::Ref(id)) => format!("hostedzone/${{{id}}}"),
                Some(Value::Text(id)) => format!("hostedzone/{id}"),
                _ => String::new(),
            };
            (vec![global("route53", &zone)], condition("ForAllValues:StringEquals", own))
        }
        Call::SetName => (vec![global("route53", "change/*")], always()),
        Call::Signal => (vec![Value::reference("AWS::StackId")], always()),
        Call::ReadParameter(name) => (vec![named(name, "ssm", "parameter/", "")], always()),
        // Secrets Manager adds six characters of its own to a name
        Call::ReadSecret(name) => {
            (vec![named(name, "secretsmanager", "secret:", "-??????")], always())
        }
        Call::PullImage { account, region, repository }
            if action != "ecr:GetAuthorizationToken" =>
        {
            let arn =
                format!("arn:${{AWS::Partition}}:ecr:{region}:{account}:repository/{repository}");
            (vec![Value::Sub(arn)], always())
        }
        // What only lists, or opens a door, is about nothing in particular: IAM knows no narrower word for it.
        Call::AttachVolume | Call::PullImage { .. } => (vec![Value::text("*")], always()),
    }
}

fn condition(
    operator: &str,
    entries: impl IntoIterator<Item = (impl Into<String>, String)>,
) -> Conditions {
    let entries = entries.into_iter().map(|(key, value)| (key.into(), vec![value]));
    Named(vec![(operator.to_owned(), Named(entries.collect()))])
}

/// Returns the ARN of something that is known by its ARN already or by its name in this account and region.
fn named(name: &str, service: &str, kind: &str, end: &str) -> Value {
    if name.starts_with("arn:") {
        return Value::text(name);
    }
    here(service, &format!("{kind}{}{end}", name.trim_start_matches('/')))
}

/// Using a key of one's own for kept volumes: whoever attaches one lets EC2 decrypt it, and only that.
fn encrypted(stack: &Stack<'_>, group: &Group<'_>) -> Vec<Statement> {
    let Some(key) = stack.aws.kms_key.as_ref() else { return Vec::new() };
    if !group.calls.contains(&Call::AttachVolume) {
        return Vec::new();
    }
    let key = || vec![Value::text(&key.value)];
    let for_aws = condition("Bool", [("kms:GrantIsForAWSResource", "true".to_owned())]);
    vec![
        allow(vec!["kms:DescribeKey"], key()),
        Statement { condition: for_aws, ..allow(vec!["kms:CreateGrant"], key()) },
    ]
}

/// Reading what is published: by Ignition or by the first stage, before any unit of ours runs.
fn reads(assets: &Assets) -> Statement {
    let slash = if assets.prefix.is_empty() { "" } else { "/" };
    let objects = format!("{}/{}{slash}*", assets.bucket, assets.prefix);
    allow(vec!["s3:GetObject"], vec![global("s3", &objects)])
}
