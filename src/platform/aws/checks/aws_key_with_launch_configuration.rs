//! A launch configuration cannot encrypt disks with a key of your own.
//!
//! # Why
//! Its block devices take `Encrypted`, and nothing that names a key: the root disk and the volumes that come and go
//! with the instance would be encrypted with the account's default key instead of the one the profile asks for.
//!
//! # Fix
//! Set `aws.launch: template`, or remove `aws.kms_key`.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Launch, Role};
use crate::platform::table::Check;
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "aws-key-with-launch-configuration",
    source: include_str!("aws_key_with_launch_configuration.rs"),
    run,
};

fn run(role: &Role, diags: &mut Diagnostics) {
    let Some(aws) = &role.aws else { return };
    let Some(key) = aws.kms_key.as_ref().filter(|_| aws.launch.value == Launch::Configuration)
    else {
        return;
    };
    let title = "a launch configuration cannot encrypt disks with a key of your own";
    diags.report(
        Diagnostic::error(CHECK.code, key.span, title, "cannot be said of the root disk")
            .related(aws.launch.span, "starts instances from a launch configuration")
            .help("set `aws.launch` to `template`")
            .edit(Edit::write(aws.launch.span, "template")),
    );
}
