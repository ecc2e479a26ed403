//! Two entries of `storage` are for the same device, or two arrays have one name.
//!
//! # Why
//! Ignition refuses a config with such entries: the machine does not boot.
//!
//! # Fix
//! Write one entry per disk, with all its partitions, one per file system, and one per array.

use std::collections::BTreeMap;

use super::view::{Check, Config};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "storage-device-twice", source: include_str!("storage_device_twice.rs"), run };

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    let disks = config.disks.iter().map(|disk| ("disk", &disk.device));
    let filesystems = config.devices.iter().map(|device| ("file system", *device));
    let arrays = config.raid.iter().map(|array| ("array", &array.name));
    let mut taken = BTreeMap::new();
    for (what, device) in disks.chain(filesystems).chain(arrays) {
        let Some(first) = taken.insert((what, device.value.as_str()), device.span) else {
            continue;
        };
        let title = format!("two {what} entries are for `{}`", device.value);
        diags.report(
            Diagnostic::error(CHECK.code, device.span, title, "a second one")
                .related(first, "the first one")
                .help("make one entry of the two, or rename one"),
        );
    }
}
