//! What a config does besides units, files and users: what it fetches, whom it trusts, what it wipes, and how the
//! kernel starts. Ignition, spec 2 and 3.

use super::node::{at, filled, flag, list, remote, said, word};
use crate::source::Node;

/// Returns headings with their lines, for what there is.
pub(super) fn effects(tree: &Node) -> Vec<(String, Vec<String>)> {
    let storage = |key: &str| list(tree, &["storage", key]);
    let lines = [
        ("replaced as a whole: nothing below counts", replaced(tree)),
        ("fetched at boot", fetched(tree)),
        ("trusted for what is fetched", trusted(tree)),
        ("kernel arguments", kernel(tree)),
        ("disks", storage("disks").iter().flat_map(disk).collect()),
        ("RAID", storage("raid").iter().map(raid).collect()),
        ("encrypted disks", storage("luks").iter().map(luks).collect()),
        ("file systems", storage("filesystems").iter().map(filesystem).collect()),
        (
            "groups",
            list(tree, &["passwd", "groups"]).iter().map(|group| word(group, "name")).collect(),
        ),
    ];
    let found = lines.into_iter().filter(|(_, lines): &(_, Vec<String>)| !lines.is_empty());
    found.map(|(heading, lines)| (heading.to_owned(), lines)).collect()
}

fn replaced(tree: &Node) -> Vec<String> {
    let replace = at(tree, &["ignition", "config", "replace"]);
    let source = replace.and_then(|node| filled(node, "source"));
    source.map(|source| shown(&source)).into_iter().collect()
}

/// What comes from elsewhere, with where it comes from.
fn fetched(tree: &Node) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |what: String, resource: &Node| {
        let Some((source, hash)) = remote(resource) else { return };
        let verified = match hash {
            Some(hash) => format!(", verified by {hash}"),
            None => ", which nothing verifies".to_owned(),
        };
        found.push(format!("{what}: {source}{verified}"));
    };
    if let Some(node) = at(tree, &["ignition", "config", "replace"]) {
        add("the config".to_owned(), node);
    }
    // spec 2 has `append` where spec 3 has `merge`
    for node in ["merge", "append"].iter().flat_map(|key| list(tree, &["ignition", "config", key]))
    {
        add("a config that is merged in".to_owned(), node);
    }
    for node in list(tree, &["ignition", "security", "tls", "certificateAuthorities"]) {
        add("a certificate".to_owned(), node);
    }
    for file in list(tree, &["storage", "files"]) {
        for node in file.get("contents").into_iter().chain(list(file, &["append"])) {
            add(word(file, "path"), node);
        }
    }
    for luks in list(tree, &["storage", "luks"]) {
        if let Some(node) = luks.get("keyFile") {
            add(format!("the key of {}", word(luks, "name")), node);
        }
    }
    found
}

fn trusted(tree: &Node) -> Vec<String> {
    let authorities = list(tree, &["ignition", "security", "tls", "certificateAuthorities"]).len();
    let mut lines = Vec::new();
    if authorities > 0 {
        let plural = if authorities == 1 { "y" } else { "ies" };
        lines.push(format!("{authorities} certificate authorit{plural} of the config's own"));
    }
    for key in ["httpProxy", "httpsProxy"] {
        let proxy = at(tree, &["ignition", "proxy"]).map(|node| word(node, key));
        lines.extend(proxy.filter(|proxy| !proxy.is_empty()).map(|proxy| format!("{key} {proxy}")));
    }
    lines
}

fn kernel(tree: &Node) -> Vec<String> {
    let words = |key: &str| list(tree, &["kernelArguments", key]).iter().filter_map(said);
    let there = words("shouldExist").map(|word| format!("with {word}"));
    there.chain(words("shouldNotExist").map(|word| format!("without {word}"))).collect()
}

fn disk(disk: &Node) -> Vec<String> {
    let device = word(disk, "device");
    let wiped = flag(disk, "wipeTable").then(|| format!("{device}: its partition table is wiped"));
    let partition = |part: &Node| {
        let name = [word(part, "label"), word(part, "number")].join(" ");
        let wiped =
            if flag(part, "wipePartitionEntry") { ", wiped where it is another" } else { "" };
        format!("{device}: partition {}{wiped}", name.trim())
    };
    wiped.into_iter().chain(list(disk, &["partitions"]).iter().map(partition)).collect()
}

fn raid(array: &Node) -> String {
    let devices: Vec<String> = list(array, &["devices"]).iter().filter_map(said).collect();
    format!("{}: {} of {}", word(array, "name"), word(array, "level"), devices.join(", "))
}

fn luks(volume: &Node) -> String {
    let wiped = if flag(volume, "wipeVolume") { ", wiped first" } else { "" };
    format!("{} on {}{wiped}", word(volume, "name"), word(volume, "device"))
}

fn filesystem(entry: &Node) -> String {
    // spec 2 has it one deeper
    let inner = entry.get("mount").unwrap_or(entry);
    let wiped = flag(inner, "wipeFilesystem")
        || inner.get("create").is_some_and(|create| flag(create, "force"));
    let wiped = if wiped { ", wiped first" } else { "" };
    format!("{} on {}{wiped}", word(inner, "format"), word(inner, "device"))
}

/// Returns a source as it is shown: of one that holds everything itself only that.
fn shown(source: &str) -> String {
    if source.starts_with("data:") {
        "by the config inside of it".to_owned()
    } else {
        source.to_owned()
    }
}
