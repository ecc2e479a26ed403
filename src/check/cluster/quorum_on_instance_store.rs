//! etcd, ZooKeeper or the metadata of a KRaft cluster is on disks that go with the instance.
//!
//! # Why
//! Such disks are empty after a stop, a replacement or a failed host. A member that comes back empty under its old name
//! has forgotten what it voted for; when a majority is replaced, as an image update does one by one, everything that the
//! service ever stored is gone. No other copy exists.
//!
//! # Fix
//! Use an EBS volume with `keep: true`: 20 GiB of gp3 are fast enough for any of them.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{KafkaMode, VolumeSource};
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "quorum-on-instance-store",
    source: include_str!("quorum_on_instance_store.rs"),
    run,
};

/// A volume that outlives the instance.
const EBS: &str = "{ size: 20GiB, keep: true }";

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let cluster = facts.cluster;
    let etcd = cluster.etcd.as_ref().map(|etcd| ("etcd", &etcd.volume));
    let zookeeper = cluster.zookeeper.as_ref();
    let snapshots = zookeeper.map(|zookeeper| ("ZooKeeper", &zookeeper.volume));
    let log = zookeeper.map(|zookeeper| ("ZooKeeper's transaction log", &zookeeper.log_volume));
    let kraft =
        cluster.kafka.as_ref().filter(|kafka| matches!(kafka.mode.value, KafkaMode::Kraft { .. }));
    let kraft = kraft.map(|kafka| ("KRaft metadata", &kafka.volume));
    for (service, named) in [etcd, snapshots, log, kraft].into_iter().flatten() {
        let Some(volume) = named.as_ref().and_then(|name| cluster.volume(&name.value)) else {
            continue;
        };
        let VolumeSource::InstanceStore { devices } = &volume.source else { continue };
        let (Some(place), Some(disk)) = (named.as_ref().map(|name| name.span), devices.first())
        else {
            continue;
        };
        let name = &volume.name.value;
        let title =
            format!("{service} is on volume `{name}`, which is empty after each replacement");
        diags.report(
            Diagnostic::error(CHECK.code, place, title, "has no other copy")
                .related(disk.span, "a disk of the instance")
                .help(format!("replace `instance_store` of `volumes.{name}` by `ebs: {EBS}`"))
                .edit(Edit::remove_inside(volume.name.span, "instance_store"))
                .edit(Edit::set_inside(volume.name.span, "ebs", EBS)),
        );
    }
}
