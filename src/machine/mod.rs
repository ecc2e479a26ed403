//! One machine per node: containers, volumes and users become units, files, disks and mounts of one operating system.
//!
//! Knows nothing of services or of output formats.

mod accounts;
mod container;
mod draft;
mod environment;
mod escape;
mod files;
mod fleet;
mod host;
mod model;
mod os;
mod raw;
mod run_command;
#[cfg(test)]
mod sample;
mod storage;
mod task;
mod unit_text;
mod updates;
mod volume;
mod words;

use crate::cluster::{Cluster, Container, Parts};
use crate::diagnostic::Diagnostics;
use draft::Draft;
use host::Host;

pub use escape::escape_path;
pub use model::{
    Command, Directory, Disk, File, Filesystem, Group, KernelArguments, Link, Machine, Owner,
    Partition, Raid, Unit, User,
};
pub use unit_text::UnitText;

/// Builds the machine of the node at `position`, counted from 0 in the order of the cluster's nodes.
pub fn build(
    cluster: &Cluster,
    parts: &Parts,
    position: usize,
    diags: &mut Diagnostics,
) -> Machine {
    let host = Host::new(cluster, parts, position);
    let mut draft = Draft::default();
    files::add(&host, &mut draft);
    volume::add_all(&host, &mut draft, diags);
    storage::add(&host, &mut draft, diags);
    for container in in_starting_order(host.containers().collect()) {
        container::add(&host, container, &mut draft, diags);
    }
    parts.tasks.iter().for_each(|task| task::add(&host, task, &mut draft));
    // Last: restarting the agent waits for the tasks that hold it up.
    updates::add(&host, &mut draft, diags);
    let Draft { mut units, files, raid, filesystems } = draft;
    raw::overlay(&host, &mut units, diags);
    Machine {
        name: host.node.name.value.clone(),
        hostname: files::hostname(&host),
        users: accounts::users(&host),
        groups: accounts::groups(&host),
        directories: files::directories(&host, diags),
        files: files::resolve(&host, files, diags),
        links: files::links(&host, diags),
        disks: storage::disks(&host),
        raid,
        filesystems,
        units,
        kernel_arguments: KernelArguments {
            should_exist: cluster.kernel_arguments.clone(),
            should_not_exist: cluster.kernel_arguments_absent.clone(),
        },
    }
}

/// Returns containers so that each comes after those it starts after; a circle is broken where it was entered.
fn in_starting_order(mut waiting: Vec<&Container>) -> Vec<&Container> {
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let waits = |one: &&Container| {
            let mut before = one.after.iter().chain(&one.requires);
            before.any(|unit| {
                waiting.iter().any(|other| {
                    other.name.value != one.name.value
                        && unit.strip_suffix(".service") == Some(&other.name.value)
                })
            })
        };
        let next = waiting.iter().position(|one| !waits(one)).unwrap_or(0);
        ordered.push(waiting.remove(next));
    }
    ordered
}
