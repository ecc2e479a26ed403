//! etcd, ZooKeeper or the metadata of a KRaft cluster is on disks that go with the instance.
//!
//! # Why
//! Such disks are empty after a stop, a replacement or a failed host. A member that comes back empty under its old name
//! has forgotten what it voted for; when a majority is replaced, as an image update does one by one, everything that
//! the service ever stored is gone. No other copy exists.
//!
//! # Fix
//! Use an EBS volume with `keep: true`: 20 GiB of gp3 are fast enough for any of them.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::VolumeSource;
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "quorum-on-instance-store",
    source: include_str!("quorum_on_instance_store.rs"),
    run,
};

/// A volume that outlives the instance.
const EBS: &str = "{ size: 20GiB, keep: true }";

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for (_, kept) in facts.services.volumes().filter(|(_, kept)| kept.majority) {
        let Some(named) = &kept.volume else { continue };
        let Some(volume) = facts.role.volume(&named.value) else { continue };
        let VolumeSource::InstanceStore(store) = &volume.source else { continue };
        let name = &volume.name.value;
        let title =
            format!("{} is on volume `{name}`, which is empty after each replacement", kept.what);
        diags.report(
            Diagnostic::error(CHECK.code, named.span, title, "has no other copy")
                .related(store.at, "disks of the instance")
                .help(format!("replace `instance_store` of `volumes.{name}` by `ebs: {EBS}`"))
                .edit(Edit::remove_inside(volume.name.span, "instance_store"))
                .edit(Edit::set_inside(volume.name.span, "ebs", EBS))
                .choice(),
        );
    }
}
