//! Disks, arrays, file systems, groups and kernel arguments of an Ignition config.

use super::node::{count, flag, list, named, number, said, word};
use crate::inspect::machine::Found;
use crate::model::machine::KernelArguments;
use crate::model::{Group, StorageDisk, StorageFilesystem, StoragePartition, StorageRaid};
use crate::source::{Node, Spanned};

/// Reads them into what was found.
pub(super) fn read(tree: &Node, found: &mut Found) {
    let of = |key: &str| list(tree, &["storage", key]);
    found.storage.disks = of("disks").iter().filter_map(disk).collect();
    found.storage.raid = of("raid").iter().filter_map(raid).collect();
    found.storage.filesystems = of("filesystems").iter().filter_map(filesystem).collect();
    found.groups = list(tree, &["passwd", "groups"]).iter().filter_map(group).collect();
    let arguments = |key: &str| {
        let words = list(tree, &["kernelArguments", key]).iter();
        words.filter_map(|node| Some(Spanned::new(said(node)?, node.span))).collect()
    };
    found.kernel_arguments = KernelArguments {
        should_exist: arguments("shouldExist"),
        should_not_exist: arguments("shouldNotExist"),
    };
}

fn disk(disk: &Node) -> Option<StorageDisk> {
    Some(StorageDisk {
        device: named(disk, "device")?,
        wipe_table: flag(disk, "wipeTable"),
        partitions: list(disk, &["partitions"]).iter().map(partition).collect(),
    })
}

fn partition(partition: &Node) -> StoragePartition {
    let size = |key: &str| partition.get(key).and_then(said)?.parse().ok();
    StoragePartition {
        number: count(partition, "number"),
        label: named(partition, "label"),
        size_mib: size("sizeMiB"),
        start_mib: size("startMiB"),
        type_guid: named(partition, "typeGuid"),
        wipe_partition_entry: flag(partition, "wipePartitionEntry"),
        resize: partition
            .get("resize")
            .map(|node| Spanned::new(flag(partition, "resize"), node.span)),
    }
}

fn raid(array: &Node) -> Option<StorageRaid> {
    Some(StorageRaid {
        name: named(array, "name")?,
        level: word(array, "level"),
        devices: texts(array, "devices"),
        spares: count(array, "spares"),
    })
}

fn filesystem(made: &Node) -> Option<StorageFilesystem> {
    let device = named(made, "device")?;
    let format = named(made, "format");
    let format = format.unwrap_or_else(|| Spanned::new(String::new(), device.span));
    Some(StorageFilesystem {
        device,
        format,
        label: named(made, "label"),
        path: named(made, "path"),
        wipe_filesystem: flag(made, "wipeFilesystem"),
        options: texts(made, "options"),
        mount_options: texts(made, "mountOptions"),
    })
}

fn group(group: &Node) -> Option<Group> {
    Some(Group {
        name: named(group, "name")?,
        gid: number(group, "gid"),
        system: flag(group, "system"),
    })
}

fn texts(node: &Node, key: &str) -> Vec<String> {
    list(node, &[key]).iter().filter_map(said).collect()
}
