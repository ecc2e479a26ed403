//! etcd, ZooKeeper or the metadata of a KRaft cluster is on an EBS volume that goes with the instance.
//!
//! # Why
//! In a stack a volume without `keep` is made with the instance and deleted with it. An update replaces one node after
//! another, be it for another image or another heap: each comes back under its old name with an empty disk, has
//! forgotten what it voted for and is turned away by the others, or brings them down with it. The update fails, its
//! rollback meets the same fault, and no other copy of the data exists.
//!
//! # Fix
//! Set `keep: true`: the volume then outlives its instances, and the next one of the node attaches it.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Identity, VolumeSource};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "quorum-not-kept", source: include_str!("quorum_not_kept.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    // Without a stack whoever makes the machine decides what becomes of its disks. Nodes that share one config cannot
    // keep any: no update replaces them.
    if facts.role.aws.is_none() || facts.role.identity.value == Identity::Shared {
        return;
    }
    for (_, kept) in facts.services.volumes().filter(|(_, kept)| kept.majority) {
        let Some(named) = &kept.volume else { continue };
        let Some(volume) = facts.role.volume(&named.value) else { continue };
        let VolumeSource::Ebs(ebs) = &volume.source else { continue };
        if ebs.keep.value {
            continue;
        }
        let name = &volume.name.value;
        let title =
            format!("{} is on volume `{name}`, which each update of the stack empties", kept.what);
        let (label, edit) = if ebs.keep.span == ebs.at {
            (
                "goes with its instance: nothing says `keep`",
                Edit::set_inside(ebs.at, "keep", "true"),
            )
        } else {
            ("goes with its instance", Edit::write(ebs.keep.span, "true"))
        };
        diags.report(
            Diagnostic::error(CHECK.code, named.span, title, "has no other copy")
                .related(ebs.keep.span, label)
                .help(format!("set `volumes.{name}.ebs.keep` to `true`"))
                .edit(edit),
        );
    }
}
