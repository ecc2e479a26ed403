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
//! `by-label/…` for what has been partitioned or formatted. An EBS volume is better declared as `ebs`. Disks of an
//! instance on AWS need no name: `instance_store: {}` finds them by their model.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{InstanceStore, Role, VolumeSource};
use crate::os;
use crate::platform;
use crate::source::{Edit, Span};

pub(super) const CHECK: Check =
    Check { code: "device-unstable", source: include_str!("device_unstable.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let os = &facts.role.target.os;
    let linked = os::table(os.value).links_at_attach();
    let by_attach =
        |device: &str| ["/dev/sd", "/dev/xvd"].iter().any(|start| device.starts_with(start));
    let is_unstable =
        |device: &str| device.starts_with("/dev/nvme") || by_attach(device) && !linked;
    let report = |device: &str, span: Span| {
        let title = format!("`{device}` may be another disk after a reboot");
        let found = Diagnostic::error(CHECK.code, span, title, "numbered as found");
        if by_attach(device) {
            found.related(os.span, "has no links by the name at attach")
        } else {
            found
        }
    };
    let own = own_disks(facts.role);
    if let Some((device, store)) = own.and_then(|store| {
        let named = store.named().iter().find(|device| device.value.starts_with("/dev/nvme"));
        named.map(|device| (device, store))
    }) {
        diags.report(
            report(&device.value, device.span)
                .help("remove `devices`: disks of the instance are found by their model then")
                .edit(Edit::remove(store.at)),
        );
    }
    for (device, span) in devices(facts.role) {
        let is_own = own.is_some_and(|store| store.named().iter().any(|own| own.span == span));
        if is_unstable(device) && !(is_own && device.starts_with("/dev/nvme")) {
            diags.report(report(device, span).help(
                "name it by what it is: `/dev/disk/by-id/…`, `/dev/disk/by-partlabel/…` or `/dev/disk/by-label/…`",
            ));
        }
    }
}

/// Returns the disks of the instance that need no name: all of one volume, where the platform's own show what they are.
fn own_disks(role: &Role) -> Option<&InstanceStore> {
    platform::of(role.target.platform.value).own_disks?;
    let mut stores = role.volumes.iter().filter_map(|volume| match &volume.source {
        VolumeSource::InstanceStore(store) => Some(store),
        VolumeSource::Device(_) | VolumeSource::Ebs(_) => None,
    });
    stores.next().filter(|_| stores.next().is_none())
}

/// Returns every device a profile names, with its place.
fn devices(role: &Role) -> Vec<(&str, Span)> {
    let mut found = Vec::new();
    for volume in &role.volumes {
        match &volume.source {
            VolumeSource::Device(device) => found.push((device.value.as_str(), device.span)),
            VolumeSource::Ebs(_) => {}
            VolumeSource::InstanceStore(store) => {
                let devices = store.named().iter();
                found.extend(devices.map(|device| (device.value.as_str(), device.span)));
            }
        }
    }
    let storage = &role.storage;
    found.extend(storage.disks.iter().map(|disk| (disk.device.value.as_str(), disk.device.span)));
    for array in &storage.raid {
        found.extend(array.devices.iter().map(|device| (device.as_str(), array.name.span)));
    }
    let made = storage.filesystems.iter();
    found.extend(made.map(|made| (made.device.value.as_str(), made.device.span)));
    found
}
