//! A volume is to be on disks of the instance that the instance type does not have.
//!
//! It has none at all; or none by the name in `devices`, since NVMe disks have no names that are known beforehand; or
//! none that can be found by their model, as on types older than Nitro.
//!
//! # Why
//! The machine waits for a disk that never comes, and what is to be on it never starts.
//!
//! # Fix
//! Take a type with disks of its own, such as `m6id.large`, or an EBS volume. Write `instance_store: {}` where the
//! disks are NVMe, and `instance_store: { devices: [/dev/xvdb] }` where they are mapped to names.

use super::super::instance_types::{OwnDisks, own_disks};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Role, VolumeSource};
use crate::platform::table::Check;
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "instance-store-missing",
    source: include_str!("instance_store_missing.rs"),
    run,
};

fn run(role: &Role, diags: &mut Diagnostics) {
    let Some(aws) = &role.aws else { return };
    let instance = &aws.instance_type;
    let Some(own) = own_disks(&instance.value) else { return };
    for volume in &role.volumes {
        let VolumeSource::InstanceStore(store) = &volume.source else { continue };
        let (name, kind) = (&volume.name.value, &instance.value);
        let mapped = store.named().iter().find(|device| {
            ["/dev/sd", "/dev/xvd"].iter().any(|start| device.value.starts_with(start))
        });
        let found = match (own, mapped) {
            (OwnDisks::None, _) => {
                let title =
                    format!("volume `{name}` is to be on disks that `{kind}` does not have");
                Diagnostic::error(CHECK.code, volume.name.span, title, "no disk ever comes")
                    .related(instance.span, "a type without disks of its own")
                    .help("take a type with disks, such as `m6id.large`, or write `ebs` instead of `instance_store`")
            }
            (OwnDisks::Nvme, Some(device)) => {
                let title = format!("`{kind}` has no disk `{}`", device.value);
                Diagnostic::error(CHECK.code, device.span, title, "no disk ever comes")
                    .related(instance.span, "its own disks are NVMe, and nothing names them")
                    .help("remove `devices`: disks of the instance are found by their model then")
                    .edit(Edit::remove(store.at))
            }
            (OwnDisks::Mapped, _) if store.named().is_empty() => {
                let title = format!("the disks of `{kind}` cannot be found by their model");
                Diagnostic::error(CHECK.code, store.at, title, "no disk ever comes")
                    .related(instance.span, "its own disks are not NVMe")
                    .help("name those that the image maps: `instance_store: { devices: [/dev/xvdb] }`")
                    .edit(Edit::set_inside(store.at, "devices", "[/dev/xvdb]"))
            }
            (OwnDisks::Nvme | OwnDisks::Mapped, _) => continue,
        };
        diags.report(found);
    }
}
