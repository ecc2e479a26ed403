//! A volume is to be on disks of the instance, and the instance type has none.
//!
//! # Why
//! The machine waits for a disk that never comes, and what is to be on it never starts.
//!
//! # Fix
//! Take a type with disks of its own, such as `m6id.large`, or an EBS volume.

use super::super::instance_types::has_disks;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Role, VolumeSource};
use crate::platform::table::Check;

pub(super) const CHECK: Check = Check {
    code: "instance-store-missing",
    source: include_str!("instance_store_missing.rs"),
    run,
};

fn run(role: &Role, diags: &mut Diagnostics) {
    let Some(aws) = &role.aws else { return };
    let instance = &aws.instance_type;
    if has_disks(&instance.value) != Some(false) {
        return;
    }
    for volume in &role.volumes {
        let VolumeSource::InstanceStore { .. } = volume.source else { continue };
        let (name, kind) = (&volume.name.value, &instance.value);
        let title = format!("volume `{name}` is to be on disks that `{kind}` does not have");
        diags.report(
            Diagnostic::error(CHECK.code, volume.name.span, title, "no disk ever comes")
                .related(instance.span, "a type without disks of its own")
                .help("take a type with disks, such as `m6id.large`, or write `ebs` instead of `instance_store`"),
        );
    }
}
