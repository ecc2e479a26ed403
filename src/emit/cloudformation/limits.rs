//! What CloudFormation takes: parameters, resources, bytes (AWS CloudFormation quotas).

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::budget::grouped;
use crate::stack::Stack;

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
pub(super) fn report(stack: &Stack<'_>, template: &Template, diags: &mut Diagnostics) {
    for (what, count, limit) in [
        ("resources", template.resources.0.len(), RESOURCES),
        ("parameters", template.parameters.0.len(), PARAMETERS),
    ] {
        if count > limit {
            let title = format!(
                "the template of `{}` has {count} {what}, CloudFormation takes {limit}",
                stack.cluster.role
            );
            let label = format!("{} nodes in one stack", stack.cluster.nodes.len());
            diags.report(
                Diagnostic::error("template-too-large-for-stack", stack.aws.span, title, label)
                    .help("split the cluster into roles, each with a stack of its own"),
            );
        }
    }
}

/// Reports a template that must be uploaded, or that nothing takes.
pub(super) fn report_size(stack: &Stack<'_>, bytes: usize, diags: &mut Diagnostics) {
    let role = &stack.cluster.role;
    let (limit, how) = if bytes > UPLOADED {
        (UPLOADED, "from S3")
    } else if bytes > INLINE && stack.aws.assets.is_none() {
        (INLINE, "with a request")
    } else {
        return;
    };
    let title = format!(
        "the template of `{role}` is {} bytes, CloudFormation takes {} {how}",
        grouped(bytes),
        grouped(limit)
    );
    let label = format!("{} nodes in one stack", stack.cluster.nodes.len());
    let span = stack.aws.span;
    let found = if limit == UPLOADED {
        Diagnostic::error("template-too-large-for-stack", span, title, label)
            .help("split the cluster into roles, each with a stack of its own")
    } else {
        Diagnostic::warning("template-needs-upload", span, title, label).help(format!(
            "set `aws.assets` to an `s3://…` and run `cfgbuild publish {role}`, then use `--template-url`"
        ))
    };
    diags.report(found);
}
