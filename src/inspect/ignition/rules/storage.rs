//! Files, directories, links, disks, arrays and file systems.

use std::collections::BTreeMap;

use super::super::node::{at, filled, flag, is_true, list, named, said, word};
use super::report::Rules;
use crate::inspect::machine::USUAL_MODES;
use crate::model::is_guid;
use crate::source::Node;

impl Rules<'_> {
    pub(super) fn storage(&mut self, tree: &Node) {
        let of = |key: &str| list(tree, &["storage", key]);
        for file in of("files") {
            self.node(file, "file");
            self.mode(file);
            if let Some(contents) = file.get("contents") {
                self.resource(contents, false, false);
            }
            for resource in list(file, &["append"]) {
                self.resource(resource, false, false);
            }
            let is_empty = at(file, &["contents", "source"]).is_none();
            if let Some(node) = file.get("overwrite").filter(|node| is_true(node) && is_empty) {
                self.wrong(
                    node.span,
                    "there is nothing to overwrite the file with".to_owned(),
                    "add `contents.source`, or remove `overwrite`",
                );
            }
        }
        for directory in of("directories") {
            self.node(directory, "directory");
            self.mode(directory);
        }
        for link in of("links") {
            self.node(link, "link");
            if filled(link, "target").is_none() {
                let title = "a link leads nowhere".to_owned();
                match self.minor {
                    0..=2 => self.fails(link.span, title, "add `target`"),
                    _ => self.wrong(link.span, title, "add `target`"),
                }
            }
            let owner = link.get("user").or_else(|| link.get("group"));
            if let Some(owner) = owner.filter(|_| flag(link, "hard")) {
                self.useless(
                    owner.span,
                    "a hard link has the owner of its target".to_owned(),
                    "is not read",
                    "remove it",
                );
            }
        }
        for disk in of("disks") {
            self.device(disk);
            for partition in list(disk, &["partitions"]) {
                self.partition(partition);
            }
        }
        for array in of("raid") {
            self.raid(array);
        }
        for made in of("filesystems") {
            self.device(made);
            self.filesystem(made);
        }
        for volume in of("luks") {
            self.luks(volume);
        }
        self.twice(of("luks"), "encrypted disk", "name");
        self.over_partitions(tree);
    }

    /// Judges where a file, directory or link is, and whose it is.
    fn node(&mut self, node: &Node, what: &str) {
        match node.get("path") {
            Some(path) => self.path(path, "path"),
            None => self.wrong(node.span, format!("a {what} has no path"), "add `path`"),
        }
        for key in ["user", "group"] {
            let Some(owner) = node.get(key) else { continue };
            if owner.get("id").is_some() && filled(owner, "name").is_some() {
                self.wrong(
                    owner.span,
                    format!("`{key}` says both `id` and `name`"),
                    "keep one of the two",
                );
            }
        }
    }

    fn device(&mut self, entry: &Node) {
        match entry.get("device") {
            Some(device) => self.path(device, "device"),
            None => self.wrong(
                entry.span,
                "nothing says which device is meant".to_owned(),
                "add `device`",
            ),
        }
    }

    fn mode(&mut self, node: &Node) {
        let Some(mode) = node.get("mode") else { return };
        let number = said(mode).and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
        if !(0..=0o7777).contains(&number) {
            self.wrong(
                mode.span,
                format!("{number} is no mode"),
                "write a decimal number from 0 to 4095: 420 is 0644",
            );
        } else if number & 0o7000 != 0 && self.minor < 6 && octal_digits(number).is_none() {
            self.useless(
                mode.span,
                format!("spec 3.{}.0 sets no setuid, setgid or sticky bit", self.minor),
                &format!("{number:04o}"),
                "set `ignition.version` to 3.6.0, or write a mode without them",
            );
        }
    }

    fn partition(&mut self, partition: &Node) {
        let is_gone = partition.get("shouldExist").is_some_and(|node| !is_true(node));
        let with = ["label", "startMiB", "sizeMiB"].iter().any(|key| partition.get(key).is_some())
            || filled(partition, "typeGuid").is_some()
            || filled(partition, "guid").is_some();
        if is_gone && with {
            self.wrong(
                partition.span,
                "a partition that must not be there has nothing but a number".to_owned(),
                "keep `number` and `shouldExist`",
            );
        }
        if let Some(node) = partition.get("number")
            && let Some(number) = said(node).and_then(|text| text.parse::<i64>().ok())
            && !(0..=128).contains(&number)
        {
            self.fails(
                node.span,
                format!("no partition has number {number}"),
                "write a number from 1 to 128",
            );
        }
        let guid = named(partition, "guid").filter(|guid| !guid.value.is_empty());
        if let Some(guid) = guid.filter(|guid| !is_guid(&guid.value)) {
            self.wrong(
                guid.span,
                format!("`{}` is not the GUID of a partition", guid.value),
                "leave it out, or write 8-4-4-4-12 hexadecimal digits",
            );
        }
    }

    fn raid(&mut self, array: &Node) {
        const LEVELS: [&str; 15] = [
            "0", "1", "10", "4", "5", "6", "linear", "mirror", "raid0", "raid1", "raid10", "raid4",
            "raid5", "raid6", "stripe",
        ];
        match named(array, "level") {
            Some(level) if !LEVELS.contains(&level.value.as_str()) => self.wrong(
                level.span,
                format!("`{}` is no level of an array", level.value),
                "write raid0, raid1, raid4, raid5, raid6, raid10 or linear",
            ),
            Some(_) => {}
            None => {
                self.wrong(array.span, "an array has no level".to_owned(), "add `level`, as raid1");
            }
        }
        let devices = list(array, &["devices"]);
        if devices.is_empty() {
            self.wrong(array.span, "an array has no devices".to_owned(), "add `devices`");
        }
        for device in devices {
            self.path(device, "devices");
        }
        self.texts_twice(devices, "the device");
    }

    fn filesystem(&mut self, made: &Node) {
        if let Some(path) = made.get("path").filter(|_| filled(made, "path").is_some()) {
            self.path(path, "path");
        }
        let with =
            ["path", "label", "uuid"].iter().find(|key| filled(made, key).is_some()).copied();
        let with = with.or_else(|| flag(made, "wipeFilesystem").then_some("wipeFilesystem"));
        let with = with.or_else(|| {
            ["mountOptions", "options"].into_iter().find(|key| !list(made, &[key]).is_empty())
        });
        match (filled(made, "format"), made.get("format"), with) {
            (Some(format), Some(node), _) => match format.as_str() {
                "ext4" | "xfs" | "btrfs" | "vfat" | "swap" => {}
                "none" if self.minor >= 3 => {}
                "none" => self.wrong(
                    node.span,
                    format!("spec 3.{}.0 has no format `none`", self.minor),
                    "set `ignition.version` to 3.3.0 or newer",
                ),
                other => self.wrong(
                    node.span,
                    format!("Ignition makes no file system of the format `{other}`"),
                    "write ext4, xfs, btrfs, vfat or swap",
                ),
            },
            (None, _, Some(key)) => self.wrong(
                made.span,
                format!("a file system has `{key}` and no format"),
                "add `format`",
            ),
            _ => {}
        }
    }

    /// Warns of file systems on a whole disk that is partitioned, or whose table is wiped.
    fn over_partitions(&mut self, tree: &Node) {
        let disks = list(tree, &["storage", "disks"]).iter();
        let disks: BTreeMap<String, &Node> =
            disks.map(|disk| (word(disk, "device"), disk)).collect();
        for made in list(tree, &["storage", "filesystems"]) {
            let Some(device) = named(made, "device") else { continue };
            let Some(disk) = disks.get(&device.value) else { continue };
            let wipes = flag(made, "wipeFilesystem");
            if !list(disk, &["partitions"]).is_empty() {
                self.useless(
                    device.span,
                    "a file system on a disk overwrites the partitions that it gets".to_owned(),
                    "the whole disk",
                    "name a partition, as /dev/disk/by-partlabel/…",
                );
            } else if flag(disk, "wipeTable") && !wipes {
                self.useless(
                    device.span,
                    "the file system is wiped with the table of its disk".to_owned(),
                    "what is there is lost, whatever the file system says",
                    "set `wipeFilesystem`, or remove `wipeTable`",
                );
            }
        }
    }
}

/// Returns the mode whose octal digits a decimal number has, where that is a usual one.
pub(in crate::inspect::ignition) fn octal_digits(number: i64) -> Option<u32> {
    let meant = u32::from_str_radix(&number.to_string(), 8).ok();
    meant.filter(|meant| USUAL_MODES.contains(meant))
}
