//! What CloudFormation takes: parameters, resources, bytes (AWS CloudFormation quotas).

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::budget::grouped;
use crate::plan::Plan;

use super::document::Template;

/// Most bytes of a template that is sent with a request.
pub const INLINE: usize = 51_200;
/// Most bytes of a template that lies in S3.
const UPLOADED: usize = 1_000_000;
/// Most resources of a template.
const RESOURCES: usize = 500;
/// Most parameters of a template.
const PARAMETERS: usize = 200;

/// Reports a template with too many parts.
pub(super) fn report(plan: &Plan<'_>, template: &Template, diags: &mut Diagnostics) {
    for (what, count, limit) in [
        ("resources", template.resources.0.len(), RESOURCES),
        ("parameters", template.parameters.0.len(), PARAMETERS),
    ] {
        if count > limit {
            let title = format!(
                "the template of `{}` has {count} {what}, CloudFormation takes {limit}",
                plan.role
            );
            let label = format!("{} nodes in one stack", plan.nodes);
            diags.report(
                Diagnostic::error("template-too-large-for-stack", plan.span, title, label)
                    .help("split the cluster into roles, each with a stack of its own"),
            );
        }
    }
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
