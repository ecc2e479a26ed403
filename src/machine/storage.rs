//! Disks, arrays and file systems in Ignition's own words, and a mount unit for each that has a path.

use super::volume::{mount_section, mount_unit, refuse_mount};
use crate::diagnostic::Diagnostics;
use crate::model::StorageFilesystem;
use crate::model::UnitText;
use crate::model::machine::{Command, Disk, Filesystem, Unit};
use crate::platform::{Draft, Host, generated_unit};
use crate::source::Spanned;
use crate::unitfile::escape_path;
use crate::unitfile::whole_line;

/// Adds the arrays, file systems and mounts a profile declares.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft, diags: &mut Diagnostics) {
    draft.raid.extend(host.role.storage.raid.iter().cloned());
    for declared in &host.role.storage.filesystems {
        let StorageFilesystem {
            device,
            format,
            label,
            path,
            wipe_filesystem,
            options,
            mount_options: _,
        } = declared;
        draft.filesystems.push(Filesystem {
            device: device.clone(),
            format: format.value.clone(),
            label: label.as_ref().map(|label| label.value.clone()),
            path: path.as_ref().map(|path| path.value.clone()),
            wipe_filesystem: *wipe_filesystem,
            options: options.clone(),
        });
        if format.value == "swap" {
            draft.units.push(swap(declared));
        }
        // The root file system is mounted by whoever boots it.
        if let Some(path) = path.as_ref().filter(|path| path.value != "/") {
            if !is_oem(declared, path) {
                refuse_mount(host, path, diags);
            }
            draft.units.push(mount(declared, path));
        }
    }
}

/// Returns whether it is the vendor's partition that is mounted where it belongs.
fn is_oem(declared: &StorageFilesystem, path: &Spanned<String>) -> bool {
    path.value == "/oem" && declared.device.value.ends_with("/OEM")
}

/// Returns the unit that turns a swap area on.
fn swap(declared: &StorageFilesystem) -> Unit {
    let (device, options) = (&declared.device.value, declared.mount_options.join(","));
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(&format!("Swap on {device}")));
    text.push("Swap", "What", whole_line(device));
    if !options.is_empty() {
        text.push("Swap", "Options", whole_line(&options));
    }
    text.push("Install", "RequiredBy", "swap.target");
    let name = declared.device.clone().map(|device| format!("{}.swap", escape_path(&device)));
    Unit { command: Some(Command::Start), ..generated_unit(name, &text) }
}

/// Returns the disks a profile declares.
pub(super) fn disks(host: &Host<'_>) -> Vec<Disk> {
    host.role.storage.disks.clone()
}

/// Returns the mount unit of a file system that Ignition made: it is there at boot, so the boot needs it.
fn mount(declared: &StorageFilesystem, path: &Spanned<String>) -> Unit {
    let (device, options) = (&declared.device.value, declared.mount_options.join(","));
    let check = format!("systemd-fsck@{}.service", escape_path(device));
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(&format!("Mount of {}", path.value)));
    text.push("Unit", "Requires", check.as_str());
    text.push("Unit", "After", check);
    mount_section(&mut text, device, &path.value, &declared.format.value, &options);
    text.push("Install", "RequiredBy", "local-fs.target");
    let unit = generated_unit(path.clone().map(|path| mount_unit(&path)), &text);
    Unit { command: Some(Command::Start), ..unit }
}
