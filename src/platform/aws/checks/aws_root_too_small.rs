//! The root disk is smaller than the image that is to be on it.
//!
//! # Why
//! EC2 makes the disk from the image's snapshot and refuses one that is smaller: no instance starts.
//!
//! # Fix
//! Set `aws.root.size` to what the message says or more: container images and logs need room as well.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::os;
use crate::platform::table::Check;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "aws-root-too-small", source: include_str!("aws_root_too_small.rs"), run };

fn run(role: &Role, diags: &mut Diagnostics) {
    let Some(aws) = &role.aws else { return };
    let (root, system) = (&aws.root_gib, &role.target.os);
    let least = os::table(system.value).images.gib;
    if root.value >= least {
        return;
    }
    let title =
        format!("a root disk of {} GiB cannot hold the image of {}", root.value, system.value);
    let mut found = Diagnostic::error(CHECK.code, root.span, title, "smaller than the image")
        .help(format!("set `aws.root.size` to {least}GiB or more"))
        .edit(Edit::write(root.span, format!("{least}GiB")));
    if system.span != root.span {
        found = found.related(system.span, format!("its images have {least} GiB"));
    }
    diags.report(found);
}
