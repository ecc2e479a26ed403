//! A container binds a directory of the host that nothing makes.
//!
//! Only paths that the system does not bring are judged: those on volumes, and those below `/var/lib`, `/srv`, `/data`,
//! `/mnt` and `/opt`.
//!
//! # Why
//! Containers are started with `--mount`, which refuses a source that is not there: the container never starts. What
//! made the directory on the machine this was tried on is not part of the profile.
//!
//! # Fix
//! Let the bind make it: `create: { uid: 1000, gid: 1000 }`, with the user the container runs as. Or declare it under
//! `directories`, or as a `files` entry.

use std::collections::BTreeSet;

use super::containers;
use super::paths::{is_below, is_mentioned};
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Bind;
use crate::source::Edit;
use crate::unitfile::mounted;

/// Where nothing is unless something makes it.
const EMPTY: [&str; 5] = ["/var/lib", "/srv", "/data", "/mnt", "/opt"];

/// What the system makes there all the same.
const SYSTEMS_OWN: [&str; 6] = [
    "/opt/bin",
    "/var/lib/containers",
    "/var/lib/docker",
    "/var/lib/private",
    "/var/lib/systemd",
    "/var/lib/update_engine",
];

pub(super) const CHECK: Check =
    Check { code: "bind-source-missing", source: include_str!("bind_source_missing.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let (made, mounted) = (made(facts), mounted(&facts.role.units));
    for container in containers(facts) {
        for bind in container.binds.iter().filter(|bind| bind.create.is_none()) {
            let path = bind.from.value.as_str();
            // A directory above something that is made is made with it.
            let exists = made.range(path..).next().is_some_and(|made| is_below(made, path));
            // nobody knows here what is on a share
            let is_on_share = mounted.iter().any(|mount| is_below(path, mount));
            if exists || is_on_share || !is_bare(facts, path) || is_mentioned(facts, path) {
                continue;
            }
            let name = &container.name.value;
            let title = format!("container `{name}` binds {path}, which nothing makes");
            let ids = container.user.as_deref().unwrap_or("0:0");
            let (uid, gid) = ids.split_once(':').unwrap_or((ids, ids));
            diags.report(
                Diagnostic::warning(CHECK.code, bind.from.span, title, "not there at the start")
                    .help(format!("add `create: {{ uid: {uid}, gid: {gid} }}` to the bind"))
                    .edit(Edit::set_beside(
                        bind.from.span,
                        "create",
                        format!("{{ uid: {uid}, gid: {gid} }}"),
                    )),
            );
        }
    }
}

/// Tells whether a path is somewhere that is empty at first.
fn is_bare(facts: &Facts<'_>, path: &str) -> bool {
    let inside = |directory: &str| path != directory && is_below(path, directory);
    let on_volume = facts.role.volumes.iter().any(|volume| inside(&volume.mount.value));
    let elsewhere = EMPTY.iter().any(|directory| inside(directory))
        && !SYSTEMS_OWN.iter().any(|directory| is_below(path, directory));
    on_volume || elsewhere
}

/// Returns every path that something of the profile makes.
fn made<'a>(facts: &Facts<'a>) -> BTreeSet<&'a str> {
    let role = facts.role;
    let mounts = role.volumes.iter().map(|volume| volume.mount.value.as_str());
    let filesystems = role.storage.filesystems.iter();
    let filesystems = filesystems.filter_map(|made| made.path.as_ref()).map(|path| &*path.value);
    let machine = facts.machines.iter().take(1).flat_map(|machine| {
        let files = machine.files.iter().map(|file| file.path.value.as_str());
        let links = machine.links.iter().map(|link| link.path.value.as_str());
        files.chain(links).chain(machine.directories.iter().map(|made| made.path.value.as_str()))
    });
    let created = |bind: &'a Bind| bind.create.map(|_| bind.from.value.as_str());
    let binds = super::containers(facts).flat_map(|container| &container.binds).filter_map(created);
    mounts.chain(filesystems).chain(machine).chain(binds).collect()
}
