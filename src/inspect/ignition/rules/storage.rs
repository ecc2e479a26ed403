//! Files, directories, links, disks, arrays and file systems.

use std::collections::BTreeMap;

use super::super::node::{at, list, said};
use super::report::{Rules, is_true};
use crate::model::is_guid;
use crate::source::Node;

/// Levels that are gone with their first disk.
const STRIPED: [&str; 4] = ["0", "linear", "raid0", "stripe"];

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
            if link.get("target").and_then(said).unwrap_or_default().is_empty() {
                let title = "a link leads nowhere".to_owned();
                match self.minor {
                    0..=2 => self.fails(link.span, title, "add `target`"),
                    _ => self.wrong(link.span, title, "add `target`"),
                }
            }
            let owner = link.get("user").or_else(|| link.get("group"));
            if let Some(owner) = owner.filter(|_| link.get("hard").is_some_and(is_true)) {
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
    pub(super) fn node(&mut self, node: &Node, what: &str) {
        match node.get("path") {
            Some(path) => self.path(path, "path"),
            None => self.wrong(node.span, format!("a {what} has no path"), "add `path`"),
        }
        for key in ["user", "group"] {
            let Some(owner) = node.get(key) else { continue };
            let name = owner.get("name").and_then(said).unwrap_or_default();
            if owner.get("id").is_some() && !name.is_empty() {
                self.wrong(
                    owner.span,
                    format!("`{key}` says both `id` and `name`"),
                    "keep one of the two",
                );
            }
        }
    }

    pub(super) fn device(&mut self, entry: &Node) {
        match entry.get("device") {
            Some(device) => self.path(device, "device"),
            None => self.wrong(
                entry.span,
                "nothing says which device is meant".to_owned(),
                "add `device`",
            ),
        }
    }

    pub(super) fn mode(&mut self, node: &Node) {
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

    pub(super) fn partition(&mut self, partition: &Node) {
        let is_gone = partition.get("shouldExist").is_some_and(|node| !is_true(node));
        let named = |key: &str| partition.get(key).and_then(said).filter(|text| !text.is_empty());
        let with = ["label", "startMiB", "sizeMiB"].iter().any(|key| partition.get(key).is_some())
            || named("typeGuid").is_some()
            || named("guid").is_some();
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
        if let Some(guid) = partition.get("guid")
            && let Some(text) = named("guid")
            && !is_guid(&text)
        {
            self.wrong(
                guid.span,
                format!("`{text}` is not the GUID of a partition"),
                "leave it out, or write 8-4-4-4-12 hexadecimal digits",
            );
        }
    }

    pub(super) fn raid(&mut self, array: &Node) {
        const LEVELS: [&str; 15] = [
            "0", "1", "10", "4", "5", "6", "linear", "mirror", "raid0", "raid1", "raid10", "raid4",
            "raid5", "raid6", "stripe",
        ];
        let level = array.get("level").and_then(|node| Some((said(node)?, node.span)));
        match level {
            Some((level, span)) if !LEVELS.contains(&level.as_str()) => self.wrong(
                span,
                format!("`{level}` is no level of an array"),
                "write raid0, raid1, raid4, raid5, raid6, raid10 or linear",
            ),
            Some(_) => {}
            None => {
                self.wrong(array.span, "an array has no level".to_owned(), "add `level`, as raid1");
            }
        }
        // more than none is told by the checks of configs
        let spares = array.get("spares");
        let spares =
            spares.filter(|node| said(node).is_some_and(|n| n.starts_with('-') && n != "-0"));
        let level = array.get("level").and_then(said).unwrap_or_default();
        if let Some(node) = spares.filter(|_| STRIPED.contains(&level.as_str())) {
            self.wrong(
                node.span,
                format!("level {level} has no use for spares"),
                "remove `spares`",
            );
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

    pub(super) fn filesystem(&mut self, made: &Node) {
        let named = |key: &str| made.get(key).and_then(said).filter(|text| !text.is_empty());
        if let Some(path) = made.get("path").filter(|_| named("path").is_some()) {
            self.path(path, "path");
        }
        let with = ["path", "label", "uuid"].iter().find(|key| named(key).is_some()).copied();
        let with = with.or_else(|| {
            made.get("wipeFilesystem").is_some_and(is_true).then_some("wipeFilesystem")
        });
        let with = with.or_else(|| {
            ["mountOptions", "options"].into_iter().find(|key| !list(made, &[key]).is_empty())
        });
        match (named("format"), made.get("format"), with) {
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
    pub(super) fn over_partitions(&mut self, tree: &Node) {
        let disks = list(tree, &["storage", "disks"]).iter();
        let disks = disks.filter_map(|disk| Some((disk.get("device").and_then(said)?, disk)));
        let disks: BTreeMap<String, &Node> = disks.collect();
        for made in list(tree, &["storage", "filesystems"]) {
            let Some(device) = made.get("device") else { continue };
            let Some(disk) = said(device).and_then(|device| disks.get(&device)) else { continue };
            let wipes = made.get("wipeFilesystem").is_some_and(is_true);
            if !list(disk, &["partitions"]).is_empty() {
                self.useless(
                    device.span,
                    "a file system on a disk overwrites the partitions that it gets".to_owned(),
                    "the whole disk",
                    "name a partition, as /dev/disk/by-partlabel/…",
                );
            } else if disk.get("wipeTable").is_some_and(is_true) && !wipes {
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
    const USUAL: [u32; 10] = [0o400, 0o440, 0o600, 0o640, 0o644, 0o664, 0o700, 0o750, 0o755, 0o777];
    u32::from_str_radix(&number.to_string(), 8).ok().filter(|meant| USUAL.contains(meant))
}
