//! A file, directory or link is to be written below the mount point of a volume.
//!
//! # Why
//! Files are written before volumes are mounted: it lands on the root disk, in a directory that the volume then covers.
//! Nobody ever sees it again.
//!
//! # Fix
//! Write it somewhere else, such as below `/etc`. A directory on a volume is made by the `create` of a container's
//! bind.

use super::paths::is_below;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "file-hidden-by-volume", source: include_str!("file_hidden_by_volume.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let role = facts.role;
    let files = role.files.iter().filter(|file| !file.remove).map(|file| ("file", &file.path));
    let directories = role.directories.iter().map(|directory| ("directory", &directory.path));
    let links = role.links.iter().map(|link| ("link", &link.path));
    for (what, path) in files.chain(directories).chain(links) {
        let over = role.volumes.iter().find(|volume| {
            path.value != volume.mount.value && is_below(&path.value, &volume.mount.value)
        });
        let Some(volume) = over else { continue };
        let name = &volume.name.value;
        let title = format!("volume `{name}` is mounted over the {what} {}", path.value);
        let help = if what == "directory" {
            "remove it, and set `create` of the bind that needs it"
        } else {
            "write it to another place, such as below `/etc`"
        };
        diags.report(
            Diagnostic::error(CHECK.code, path.span, title, "written before the volume is mounted")
                .related(volume.mount.span, "covered from here on")
                .help(help),
        );
    }
}
