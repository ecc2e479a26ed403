//! What CloudFormation takes: parameters, resources, bytes (AWS CloudFormation quotas).

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::budget::grouped;
use crate::model::{Identity, Role};
use crate::plan::Plan;
use crate::source::Span;

use super::document::Template;

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

/// Reports a template with too many parts.
pub(super) fn report(plan: &Plan<'_>, template: &Template, diags: &mut Diagnostics) {
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
