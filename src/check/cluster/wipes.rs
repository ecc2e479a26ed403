//! What a profile's `storage` destroys at the first boot of a machine.

use crate::model::{Role, Volume, VolumeSource};
use crate::source::{Edit, Span, Spanned};

/// A disk or a file system that is destroyed.
#[derive(Clone, Debug)]
pub(super) struct Wipe<'a> {
    /// The key that says so.
    pub(super) key: &'static str,
    pub(super) device: &'a Spanned<String>,
    /// A volume that is lost with it, and where it is named.
    pub(super) volume: Option<(&'a Volume, Span)>,
}

impl Wipe<'_> {
    /// Returns the edit that removes the key.
    pub(super) fn edit(&self) -> Edit {
        Edit::remove_beside(self.device.span, self.key)
    }
}

/// Returns all of them, in the order written.
pub(super) fn wipes(role: &Role) -> Vec<Wipe<'_>> {
    let mut found = Vec::new();
    for disk in &role.storage.disks {
        let entry = disk.partitions.iter().any(|partition| partition.wipe_partition_entry);
        let key = if disk.wipe_table { "wipe_table" } else { "wipe_partition_entry" };
        if disk.wipe_table || entry {
            let labels = disk.partitions.iter().filter_map(|partition| partition.label.as_ref());
            let labels: Vec<&str> = labels.map(|label| label.value.as_str()).collect();
            let volume = volume_on(role, &disk.device.value, &labels);
            found.push(Wipe { key, device: &disk.device, volume });
        }
    }
    for made in role.storage.filesystems.iter().filter(|made| made.wipe_filesystem) {
        let label = made.label.as_ref().map(|label| label.value.as_str());
        let volume = volume_on(role, &made.device.value, label.as_slice());
        found.push(Wipe { key: "wipe_filesystem", device: &made.device, volume });
    }
    found
}

/// Returns the volume that is on a device, or found by one of these labels.
fn volume_on<'a>(role: &'a Role, device: &str, labels: &[&str]) -> Option<(&'a Volume, Span)> {
    role.volumes.iter().find_map(|volume| {
        let devices: Vec<&Spanned<String>> = match &volume.source {
            VolumeSource::Device(device) => vec![device],
            VolumeSource::Ebs(ebs) => vec![&ebs.device],
            VolumeSource::InstanceStore(store) => store.named().iter().collect(),
        };
        let by_label = |path: &str| {
            let label = path.strip_prefix("/dev/disk/by-partlabel/");
            label
                .or(path.strip_prefix("/dev/disk/by-label/"))
                .is_some_and(|label| labels.contains(&label))
        };
        let named = devices.iter().find(|named| named.value == device || by_label(&named.value));
        let label = &volume.label;
        let labelled = labels.contains(&label.value.as_str())
            || device.strip_prefix("/dev/disk/by-label/") == Some(&label.value);
        named.map(|named| named.span).or(labelled.then_some(label.span)).map(|span| (volume, span))
    })
}
