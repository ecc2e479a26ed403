//! No family has an instance type of this size.
//!
//! # Why
//! EC2 refuses to start the first instance, after the rest of the stack has been made. Families are not judged: new
//! ones come every year, while their sizes are always called alike.
//!
//! # Fix
//! Write the size as EC2 does: `large`, `2xlarge`, `metal-24xl`.

use super::super::instance_types::no_size;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::platform::table::Check;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "aws-type-unknown", source: include_str!("aws_type_unknown.rs"), run };

fn run(role: &Role, diags: &mut Diagnostics) {
    let Some(aws) = &role.aws else { return };
    let instance_type = &aws.instance_type;
    let Some((size, near)) = no_size(&instance_type.value) else { return };
    let title = format!("`{}` is no instance type: no family has a `{size}`", instance_type.value);
    let found =
        Diagnostic::error(CHECK.code, instance_type.span, title, "EC2 starts none of these");
    diags.report(match near {
        Some(near) => {
            let family = instance_type.value.strip_suffix(size).unwrap_or_default();
            let meant = format!("{family}{near}");
            found
                .help(format!("did you mean `{meant}`?"))
                .edit(Edit::write(instance_type.span, meant))
                .choice()
        }
        None => found.help("write a size such as `large`, `2xlarge` or `metal`"),
    });
}
