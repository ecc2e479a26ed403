//! A disk is named by the order in which the kernel found it.
//!
//! `/dev/nvme…` is refused everywhere, `/dev/sd…` and `/dev/xvd…` on Fedora CoreOS. The `device` of an EBS volume is
//! not meant: it is the name the volume is attached under, for which there is a stable link.
//!
//! # Why
//! Such disks are numbered as they answer, not as they are attached: after a reboot `/dev/nvme1n1` may be another disk,
//! and a blank one would be formatted in place of the right one. Fedora CoreOS has no links by the name at attach.
//!
//! # Fix
//! Use a link below `/dev/disk`: `by-id/nvme-Amazon_Elastic_Block_Store_vol…` for an EBS volume, `by-partlabel/…` or
//! `by-label/…` for what has been partitioned or formatted. An EBS volume is better declared as `ebs`.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Role, VolumeSource};
use crate::os;
use crate::source::Span;

pub(super) const CHECK: Check =
    Check { code: "device-unstable", source: include_str!("device_unstable.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let os = &facts.cluster.target.os;
    let linked = os::table(os.value).links_at_attach();
    for (device, span) in devices(facts.cluster) {
        let numbered = device.starts_with("/dev/nvme");
        let by_attach = ["/dev/sd", "/dev/xvd"].iter().any(|start| device.starts_with(start));
        if !(numbered || by_attach && !linked) {
            continue;
        }
        let title = format!("`{device}` may be another disk after a reboot");
        let mut found = Diagnostic::error(CHECK.code, span, title, "numbered as found");
        if by_attach {
            found = found.related(os.span, "has no links by the name at attach");
        }
        diags.report(found.help(
            "name it by what it is: `/dev/disk/by-id/…`, `/dev/disk/by-partlabel/…` or `/dev/disk/by-label/…`",
        ));
    }
}

/// Returns every device a profile names, with its place.
fn devices(cluster: &Role) -> Vec<(&str, Span)> {
    let mut found = Vec::new();
    for volume in &cluster.volumes {
        match &volume.source {
            VolumeSource::Device(device) => found.push((device.value.as_str(), device.span)),
            VolumeSource::Ebs(_) => {}
            VolumeSource::InstanceStore { devices } => {
                found.extend(devices.iter().map(|device| (device.value.as_str(), device.span)));
            }
        }
    }
    let storage = &cluster.storage;
    found.extend(storage.disks.iter().map(|disk| (disk.device.value.as_str(), disk.device.span)));
    for array in &storage.raid {
        found.extend(array.devices.iter().map(|device| (device.as_str(), array.name.span)));
    }
    let made = storage.filesystems.iter();
    found.extend(made.map(|made| (made.device.value.as_str(), made.device.span)));
    found
}
