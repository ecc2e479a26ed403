//! Launch configurations do not know the instance type.
//!
//! # Why
//! AWS adds no type to them since January 2023. CloudFormation makes the launch configuration all the same; the Auto
//! Scaling group then fails to start its first instance.
//!
//! # Fix
//! Set `aws.launch: template`, or take a type of an older family, such as `m6i.large`.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Launch, Role};
use crate::platform::table::Check;
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "aws-type-newer-than-launch",
    source: include_str!("aws_type_newer_than_launch.rs"),
    run,
};

/// Families that came after January 2023, as of November 2026.
const NEWER: [&str; 58] = [
    "c7a",
    "c7gd",
    "c7gn",
    "c7i",
    "c7i-flex",
    "c8a",
    "c8g",
    "c8gb",
    "c8gd",
    "c8gn",
    "c8i",
    "c8i-flex",
    "f2",
    "g6",
    "g6e",
    "g6f",
    "gr6",
    "gr6f",
    "hpc6id",
    "hpc7a",
    "hpc7g",
    "i4g",
    "i7i",
    "i7ie",
    "i8g",
    "i8ge",
    "inf2",
    "m7a",
    "m7g",
    "m7gd",
    "m7i",
    "m7i-flex",
    "m8a",
    "m8g",
    "m8gd",
    "m8i",
    "m8i-flex",
    "p5",
    "p5e",
    "p5en",
    "p6-b200",
    "r7a",
    "r7g",
    "r7gd",
    "r7i",
    "r7iz",
    "r8a",
    "r8g",
    "r8gb",
    "r8gd",
    "r8gn",
    "r8i",
    "r8i-flex",
    "trn2",
    "u7i-12tb",
    "u7in-16tb",
    "x8g",
    "x8i",
];

fn run(role: &Role, diags: &mut Diagnostics) {
    let Some(aws) = &role.aws else { return };
    let instance_type = &aws.instance_type;
    let family = instance_type.value.split('.').next().unwrap_or_default();
    if aws.launch.value == Launch::Template || !NEWER.contains(&family) {
        return;
    }
    let title = format!("launch configurations do not know `{}`", instance_type.value);
    diags.report(
        Diagnostic::error(CHECK.code, instance_type.span, title, "came after January 2023")
            .related(aws.launch.span, "starts instances from a launch configuration")
            .help("set `aws.launch` to `template`")
            .edit(Edit::write(aws.launch.span, "template")),
    );
}
