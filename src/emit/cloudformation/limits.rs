//! What CloudFormation takes: parameters, resources, bytes (AWS CloudFormation quotas).

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::budget::grouped;
use crate::model::{Identity, Role};
use crate::plan::Plan;
use crate::source::Span;

use super::document::Template;
use super::resources::Kind;

/// Most bytes of a template that is sent with a request.
pub const INLINE: usize = 51_200;
/// Most bytes of a template that lies in S3.
const UPLOADED: usize = 1_000_000;
/// Most resources of a template.
const RESOURCES: usize = 500;
/// Most parameters of a template.
const PARAMETERS: usize = 200;

/// Reports nodes that are too many for any template, before machines are made of them.
pub fn report_nodes(role: &Role, diags: &mut Diagnostics) {
    let nodes = role.nodes.len();
    let Some(aws) = role.aws.as_ref().filter(|_| nodes > RESOURCES) else { return };
    // instances that know each other have resources of their own
    if role.identity.value == Identity::Pinned {
        let count = format!("more than {nodes} resources");
        too_many(aws.span, &role.name, nodes, &count, RESOURCES, diags);
    }
}

/// Most characters of a role's inline policies (IAM quotas).
const POLICY: usize = 10_240;
/// Most inbound rules of a security group, until AWS is asked for more (Amazon VPC quotas).
const RULES: usize = 60;
/// Longest that the stack's own values become in an ARN: a region and a partition have fewer characters, an account
/// twelve, a hosted zone 32 at most.
const LONGEST_VALUES: [(&str, usize); 3] =
    [("AWS::Partition", 10), ("AWS::Region", 14), ("AWS::AccountId", 12)];
const LONGEST_ID: usize = 32;
/// Longest id of a stack: its ARN with a name of 128 characters.
const LONGEST_STACK: usize = 256;

/// Reports a template with too many parts.
pub(super) fn report(plan: &Plan<'_>, template: &Template, diags: &mut Diagnostics) {
    rules(plan, diags);
    policies(plan, template, diags);
    for (what, count, limit) in [
        ("resources", template.resources.0.len(), RESOURCES),
        ("parameters", template.parameters.0.len(), PARAMETERS),
    ] {
        if count > limit {
            let count = format!("{count} {what}");
            too_many(plan.span, plan.role, plan.nodes, &count, limit, diags);
        }
    }
}

/// Reports more rules than a security group takes by default.
fn rules(plan: &Plan<'_>, diags: &mut Diagnostics) {
    let count = plan.rules.len();
    if count <= RULES {
        return;
    }
    let title =
        format!("the security group of `{}` has {count} rules, AWS allows {RULES}", plan.role);
    diags.report(
        Diagnostic::warning("rules-over-quota", plan.span, title, "unless the quota was raised")
            .help("merge networks in `aws.clients_from`: each takes a rule for every port"),
    );
}

/// Reports the first role with a larger inline policy than IAM takes; what nodes may do differs little.
fn policies(plan: &Plan<'_>, template: &Template, diags: &mut Diagnostics) {
    let sizes = template.resources.0.iter().filter_map(|(_, resource)| {
        let Kind::Role(role) = &resource.kind else { return None };
        let policies = role.policies.iter().map(|one| &one.policy_document);
        let values = policies.filter_map(|one| serde_json::to_value(one).ok());
        Some(values.map(|value| characters(&value)).sum::<usize>())
    });
    let Some(size) = sizes.into_iter().find(|size| *size > POLICY) else { return };
    let title = format!(
        "what a node of `{}` may ask of AWS takes {} characters, a role takes {}",
        plan.role,
        grouped(size),
        grouped(POLICY)
    );
    diags.report(
        Diagnostic::error("policy-too-large-for-role", plan.span, title, "in one inline policy")
            .help("put several values into one secret, as JSON with a key for each"),
    );
}

/// Returns the characters of a policy once the stack has filled in its values at their longest.
fn characters(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Object(entries) => {
            let mut only = entries.iter();
            match (only.next(), only.next()) {
                (Some((word, serde_json::Value::String(text))), None) if word == "Fn::Sub" => {
                    filled(text) + 2
                }
                (Some((word, _)), None) if word == "Ref" => LONGEST_STACK + 2,
                _ => {
                    let parts =
                        entries.iter().map(|(name, value)| name.len() + 3 + characters(value));
                    parts.sum::<usize>() + entries.len().saturating_sub(1) + 2
                }
            }
        }
        serde_json::Value::Array(items) => {
            items.iter().map(characters).sum::<usize>() + items.len().saturating_sub(1) + 2
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => value.to_string().chars().count(),
    }
}

/// Returns the characters of a text with `${…}` in it.
fn filled(text: &str) -> usize {
    let mut parts = text.split("${");
    let first = parts.next().map_or(0, |part| part.chars().count());
    let others = parts.map(|part| {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        let known = LONGEST_VALUES.iter().find(|(known, _)| *known == name);
        known.map_or(LONGEST_ID, |(_, longest)| *longest) + rest.chars().count()
    });
    first + others.sum::<usize>()
}

fn too_many(
    span: Span,
    role: &str,
    nodes: usize,
    count: &str,
    limit: usize,
    diags: &mut Diagnostics,
) {
    let title = format!("the template of `{role}` has {count}, CloudFormation takes {limit}");
    let label = format!("{nodes} nodes in one stack");
    diags.report(
        Diagnostic::error("template-too-large-for-stack", span, title, label)
            .help("split the cluster into roles, each with a stack of its own"),
    );
}

/// Reports a template that CloudFormation takes from nowhere.
pub(super) fn report_size(plan: &Plan<'_>, bytes: usize, diags: &mut Diagnostics) {
    if bytes <= UPLOADED {
        return;
    }
    let title = format!(
        "the template of `{}` is {} bytes, CloudFormation takes {}",
        plan.role,
        grouped(bytes),
        grouped(UPLOADED)
    );
    let label = format!("{} nodes in one stack", plan.nodes);
    diags.report(
        Diagnostic::error("template-too-large-for-stack", plan.span, title, label)
            .help("split the cluster into roles, each with a stack of its own"),
    );
}
