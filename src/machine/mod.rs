//! One machine per node: containers, volumes and users become units, files, disks and mounts of one operating system.
//!
//! Knows nothing of services or of output formats; what differs between systems and platforms it asks their tables.

mod accounts;
mod bake;
mod container;
mod engine;
mod environment;
mod files;
mod fleet;
mod late;
mod member;
mod names;
mod raw;
mod registry;
mod run_command;
#[cfg(test)]
mod sample;
mod secret_files;
mod storage;
mod task;
mod updates;
mod volume;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::{KernelArguments, Machine, Unit};
use crate::model::{Container, Parts, Role};
use crate::platform::{self, Draft};

pub use bake::{Bake, bake};

/// Builds the machine of the node at `position`, counted from 0 in the order of the role's nodes.
pub fn build(role: &Role, parts: &Parts, position: usize, diags: &mut Diagnostics) -> Machine {
    let host = platform::host(role, parts, position);
    let platform = platform::of(role.target.platform.value);
    let mut draft = Draft::default();
    files::add(&host, &mut draft);
    registry::add(&host, &mut draft);
    volume::add_all(&host, &mut draft, diags);
    storage::add(&host, &mut draft, diags);
    engine::add(&host, &mut draft);
    member::add(&host, &mut draft);
    for container in in_starting_order(&host.containers().collect::<Vec<_>>()) {
        container::add(&host, container, &mut draft, diags);
    }
    parts.tasks.iter().for_each(|task| task::add(&host, task, &mut draft));
    (platform.add)(&host, &mut draft);
    updates::add(&host, &mut draft, diags);
    late::add(&host, &mut draft);
    names::refuse_taken(&host, &draft.units, &draft.files, diags);
    let Draft { mut units, files, raid, filesystems, mut stack, calls } = draft;
    raw::overlay(&host, &mut units, &mut stack, diags);
    refuse_names(&units, diags);
    // Restarting the update agent waits for the tasks that hold it up, and nothing should wait behind it.
    units.sort_by_key(|unit| unit.name.value == host.system.updates.unit);
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
            should_exist: role.kernel_arguments.clone(),
            should_not_exist: role.kernel_arguments_absent.clone(),
        },
        stack: (platform.stack_values)(&host, &stack),
        calls,
    }
}

/// Longest name of a unit, in bytes, for systemd and for any file.
const MAX_UNIT_NAME: usize = 255;

/// Refuses units whose names no file can have: those of mounts and devices are made from whole paths.
fn refuse_names(units: &[Unit], diags: &mut Diagnostics) {
    for unit in units.iter().filter(|unit| unit.name.value.len() > MAX_UNIT_NAME) {
        let bytes = unit.name.value.len();
        let title =
            format!("a unit would have a name of {bytes} bytes, systemd takes {MAX_UNIT_NAME}");
        diags.report_once(
            Diagnostic::error("unit-name-too-long", unit.name.span, title, "the unit is named after this")
                .help("choose a shorter path: each character but letters, digits, `:`, `_`, `.` and `/` takes \
                       four bytes of the name"),
        );
    }
}

/// Returns containers so that each comes after those it starts after; a circle is broken where it was entered.
fn in_starting_order<'a>(containers: &[&'a Container]) -> Vec<&'a Container> {
    let names: BTreeSet<&str> = containers.iter().map(|one| one.name.value.as_str()).collect();
    let mut waiting: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    let mut followers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, one) in containers.iter().enumerate() {
        let before = one.after.iter().chain(&one.requires);
        let before = before.filter_map(|unit| unit.value.strip_suffix(".service"));
        let before = before.filter(|name| *name != one.name.value && names.contains(name));
        let before: BTreeSet<&str> = before.collect();
        for name in &before {
            followers.entry(name).or_default().push(position);
        }
        waiting.insert(position, before);
    }
    let free = waiting.iter().filter(|(_, before)| before.is_empty());
    let mut ready: BTreeSet<usize> = free.map(|(position, _)| *position).collect();
    let mut ordered = Vec::with_capacity(containers.len());
    while let Some(next) = ready.pop_first().or_else(|| waiting.keys().next().copied()) {
        waiting.remove(&next);
        let Some(one) = containers.get(next) else { continue };
        ordered.push(*one);
        let name = one.name.value.as_str();
        for position in followers.remove(name).unwrap_or_default() {
            if let Some(before) = waiting.get_mut(&position) {
                before.remove(name);
                if before.is_empty() {
                    ready.insert(position);
                }
            }
        }
    }
    ordered
}
