//! The stack starts its instances from launch configurations.
//!
//! # Why
//! AWS keeps them for old accounts only: an account opened since October 2024 can make none, by no means. They know no
//! instance type of 2023 or later, and no versions.
//!
//! # Fix
//! Set `aws.launch: template`, or remove `launch`. An update from one to the other replaces the nodes one by one.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Launch, Role};
use crate::platform::table::Check;
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "aws-launch-configuration",
    source: include_str!("aws_launch_configuration.rs"),
    run,
};

fn run(role: &Role, diags: &mut Diagnostics) {
    let Some(aws) = &role.aws else { return };
    if aws.launch.value == Launch::Template {
        return;
    }
    let title = "accounts opened since October 2024 cannot make launch configurations";
    diags.report(
        Diagnostic::warning(CHECK.code, aws.launch.span, title, "asks for them")
            .help("set `aws.launch` to `template`")
            .edit(Edit::write(aws.launch.span, "template")),
    );
}
