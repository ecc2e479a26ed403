//! The disks of a group: the root disk, those that come and go with an instance, and those that outlive it.

use crate::model::{Aws, Ebs, OnDelete, Role, Volume, VolumeSource, logical_id};

use super::tags::{self, Tag};
use crate::source::Span;

/// A network disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    pub size_gib: u64,
    /// Its type, in the platform's words.
    pub volume_type: String,
    /// Operations a second, where they are chosen.
    pub iops: Option<u64>,
    /// MiB a second, where they are chosen.
    pub throughput: Option<u64>,
    pub encrypted: bool,
    /// The key that encrypts it; the account's own where `None`.
    pub key: Option<String>,
}

/// A disk that comes and goes with an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetingDisk {
    /// The name it is attached by.
    pub device: String,
    pub disk: Disk,
}

/// A disk that outlives the instances of its node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDisk<'a> {
    /// The volume's name.
    pub name: &'a str,
    /// Where the profile says it.
    pub span: Span,
    /// The name in letters and digits.
    pub id: String,
    /// The zone it is in, as a position in [`super::Plan::zones`]: no instance elsewhere can attach it.
    pub zone: usize,
    pub disk: Disk,
    /// What becomes of it when it is deleted, or replaced by another.
    pub fate: OnDelete,
    /// By which its instances find it.
    pub tags: Vec<Tag>,
}

/// Where the root disk of every image of the family is.
const ROOT_DEVICE: &str = "/dev/xvda";

fn disk(aws: &Aws, ebs: &Ebs) -> Disk {
    let Ebs { at: _, device: _, size_gib, volume_type, keep: _, iops, throughput } = ebs;
    Disk {
        size_gib: size_gib.value,
        volume_type: volume_type.value.clone(),
        iops: iops.as_ref().map(|iops| iops.value),
        throughput: throughput.as_ref().map(|throughput| throughput.value),
        ..plain(aws)
    }
}

/// Returns what all disks have in common, in the size of the root disk.
fn plain(aws: &Aws) -> Disk {
    Disk {
        size_gib: aws.root_gib.value,
        volume_type: "gp3".to_owned(),
        iops: None,
        throughput: None,
        encrypted: true,
        key: aws.kms_key.as_ref().map(|key| key.value.clone()),
    }
}

fn network_disks(role: &Role) -> impl Iterator<Item = (&Volume, &Ebs)> {
    role.volumes.iter().filter_map(|volume| match &volume.source {
        VolumeSource::Ebs(ebs) => Some((volume, ebs)),
        VolumeSource::Device(_) | VolumeSource::InstanceStore(_) => None,
    })
}

/// Returns the root disk, and after it the volumes that come and go with an instance.
pub(super) fn fleeting(role: &Role, aws: &Aws) -> Vec<FleetingDisk> {
    let root = FleetingDisk { device: ROOT_DEVICE.to_owned(), disk: plain(aws) };
    let others = network_disks(role).filter(|(_, ebs)| !ebs.keep.value);
    let others = others
        .map(|(_, ebs)| FleetingDisk { device: ebs.device.value.clone(), disk: disk(aws, ebs) });
    [root].into_iter().chain(others).collect()
}

/// Returns the volumes that outlive the instances of `node`, which is in the zone at `zone`.
pub(super) fn kept<'a>(role: &'a Role, aws: &Aws, node: &str, zone: usize) -> Vec<KeptDisk<'a>> {
    let wanted = network_disks(role).filter(|(_, ebs)| ebs.keep.value);
    let made = wanted.map(|(volume, ebs)| KeptDisk {
        name: &volume.name.value,
        span: volume.name.span,
        id: logical_id(&volume.name.value),
        zone,
        disk: disk(aws, ebs),
        fate: aws.on_delete.value,
        tags: tags::of_volume(role, node, &volume.name.value),
    });
    made.collect()
}
