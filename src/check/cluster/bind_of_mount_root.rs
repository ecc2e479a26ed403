//! A container keeps its data in the root of an ext4 file system.
//!
//! # Why
//! ext4 has a directory `lost+found` there, which belongs to root. Databases look at what is in their directory and
//! refuse what they do not know: Kafka takes it for a partition and stops, `initdb` of Postgres says the directory is
//! not empty.
//!
//! # Fix
//! Bind a directory below the mount point, and let the bind make it with `create`. XFS has no such directory.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::FilesystemType;

pub(super) const CHECK: Check =
    Check { code: "bind-of-mount-root", source: include_str!("bind_of_mount_root.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for container in &facts.role.containers {
        for bind in container.binds.iter().filter(|bind| !bind.read_only) {
            let volume = facts.role.volumes.iter().find(|volume| {
                volume.filesystem.value == FilesystemType::Ext4
                    && volume.mount.value == bind.from.value
            });
            let Some(volume) = volume else { continue };
            let (name, mount) = (&container.name.value, &volume.mount.value);
            let title = format!("container `{name}` finds `lost+found` among its data in {mount}");
            diags.report(
                Diagnostic::warning(CHECK.code, bind.from.span, title, "the root of the volume")
                    .related(volume.filesystem.span, "ext4 has `lost+found` in its root")
                    .help(format!("bind `{mount}/data`, with `create: {{ uid: …, gid: … }}`")),
            );
        }
    }
}
