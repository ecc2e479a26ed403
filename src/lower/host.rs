//! Units, files, users and the rest of the host → typed specs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value as Json;

use super::containers;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    DirectorySpec, DropinSpec, FileSpec, LinkSpec, Owner, PerNode, Reboots, Storage, StorageDisk,
    StorageFilesystem, StoragePartition, StorageRaid, Text, UnitSpec, Updates, Window,
};
use crate::profile::read;
use crate::profile::{Scalar, Texts, Value, ValueKind, scalar};
use crate::source::{Edit, Spanned, Yaml, print_yaml};

/// Reads all units; a `null` leaves a generated one out.
pub(super) fn units(tree: &Value, diags: &mut Diagnostics) -> Vec<UnitSpec> {
    let entries = tree.get("units").map(Value::entries).unwrap_or_default();
    let mut found: Vec<UnitSpec> =
        entries.iter().map(|(name, value)| unit(name, value, diags)).collect();
    found.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    found
}

fn unit(name: &Spanned<String>, value: &Value, diags: &mut Diagnostics) -> UnitSpec {
    let is_secret = |value: &Value| value.scalar().is_some_and(Scalar::is_secret);
    let mut dropins = Vec::new();
    for (file, text) in read::entries_at(value, "dropins") {
        if file.value.strip_suffix(".conf").is_none() {
            let title = format!("drop-in `{}` of `{}` must end in .conf", file.value, name.value);
            diags.report(
                Diagnostic::error("wrong-name", file.span, title, "systemd reads only *.conf")
                    .help(format!("rename it to `{}.conf`", file.value))
                    .edit(Edit::rename(file.span, format!("{}.conf", file.value))),
            );
            continue;
        }
        if let Some(contents) = read::host_text(text) {
            let contents = Spanned::new(contents, text.span);
            dropins.push(DropinSpec { name: file.clone(), contents });
        }
    }
    dropins.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let contents = value.get("contents");
    let secret = contents.is_some_and(is_secret)
        || read::entries_at(value, "dropins").any(|(_, text)| is_secret(text));
    UnitSpec {
        name: name.clone(),
        contents: contents
            .and_then(|value| Some(Spanned::new(read::host_text(value)?, value.span))),
        enabled: read::bool_at(value, "enabled").map(|enabled| enabled.value),
        mask: read::bool_at(value, "mask").is_some_and(|mask| mask.value),
        remove: value.kind == ValueKind::Null,
        dropins,
        placement: value.get("placement").map(containers::placement).unwrap_or_default(),
        secret,
    }
}

/// Reads all files; a `null` leaves a generated one out.
pub(super) fn files(tree: &Value, nodes: usize, diags: &mut Diagnostics) -> Vec<FileSpec> {
    let entries = tree.get("files").map(Value::entries).unwrap_or_default();
    let mut found: Vec<FileSpec> =
        entries.iter().filter_map(|(path, value)| file(path, value, nodes, diags)).collect();
    found.sort_by(|a, b| a.path.value.cmp(&b.path.value));
    found
}

fn file(
    path: &Spanned<String>,
    value: &Value,
    nodes: usize,
    diags: &mut Diagnostics,
) -> Option<FileSpec> {
    let remove = value.kind == ValueKind::Null;
    let (contents, secret) = if remove {
        (PerNode::Same(Vec::new()), false)
    } else {
        contents(path, value, nodes, diags)?
    };
    let secret = secret || read::bool_at(value, "secret").is_some_and(|secret| secret.value);
    let said = read::mode_at(value, "mode");
    if let Some(mode) = said.as_ref().filter(|mode| secret && mode.value & 0o007 != 0) {
        let title = format!("`{}` holds a secret, and everybody may read it", path.value);
        let own = mode.value & 0o770;
        diags.report(
            Diagnostic::error("secret-exposed", mode.span, title, "for others, too")
                .help(format!("set `mode: 0{own:o}`"))
                .edit(Edit::write(mode.span, format!("\"0{own:o}\""))),
        );
    }
    let mode = if secret { 0o600 } else { 0o644 };
    Some(FileSpec {
        path: path.clone(),
        mode: said.unwrap_or_else(|| Spanned::new(mode, path.span)),
        user: owner(value, "user"),
        group: owner(value, "group"),
        contents,
        secret,
        remove,
    })
}

/// The keys that say what is in a file, one of which it has.
pub const CONTENTS: [&str; 5] = ["inline", "local", "base64", "json", "yaml"];

fn contents(
    path: &Spanned<String>,
    value: &Value,
    nodes: usize,
    diags: &mut Diagnostics,
) -> Option<(PerNode<Vec<u8>>, bool)> {
    let name = format!("files.{}", path.value);
    let (key, said) = read::one_of(value, path.span, &name, &CONTENTS, diags)?;
    match key {
        "json" | "yaml" => {
            let print = |position: usize| {
                let json = read::json(said, position);
                if key == "json" {
                    serde_json::to_string_pretty(&json).map(|text| text + "\n").ok()
                } else {
                    yaml_text(&json)
                }
            };
            let count = if differs(said) { nodes } else { 1 };
            let texts: Option<Vec<Vec<u8>>> =
                (0..count).map(|at| print(at).map(String::into_bytes)).collect();
            let Some(mut texts) = texts else {
                let title =
                    format!("`{name}.{key}` cannot be written so that every reader sees the same");
                diags.report(
                    Diagnostic::error(
                        "wrong-type",
                        said.span,
                        title,
                        "does not read back as it is here",
                    )
                    .help("write the text itself with `inline:`"),
                );
                return None;
            };
            let contents =
                if count == 1 { PerNode::Same(texts.remove(0)) } else { PerNode::Each(texts) };
            Some((contents, holds_secret(said)))
        }
        "base64" => match BASE64.decode(said.text()?) {
            Ok(bytes) => Some((PerNode::Same(bytes), holds_secret(said))),
            Err(error) => {
                let error = error.to_string().to_lowercase();
                let title =
                    format!("`{name}.base64` is not base64: {}", error.trim_end_matches('.'));
                diags.report(
                    Diagnostic::error("wrong-type", said.span, title, "cannot be decoded").help(
                        "encode it with `base64 --wrap=0`, or use `local:` with the file itself",
                    ),
                );
                None
            }
        },
        _ => {
            // what is known only later has been refused here
            let bytes = |text: &Text| text.plain().unwrap_or("").as_bytes().to_vec();
            let contents = match &said.scalar()?.texts {
                Texts::Same(text) => PerNode::Same(bytes(text)),
                Texts::Each(texts) => PerNode::Each(texts.iter().map(bytes).collect()),
            };
            Some((contents, holds_secret(said)))
        }
    }
}

/// Prints a value as YAML, and reads it back: what another reader would take for something else is not written.
fn yaml_text(json: &Json) -> Option<String> {
    let text = print_yaml(&as_yaml(json));
    (serde_yaml::from_str::<Json>(&text).ok()? == *json).then_some(text)
}

fn as_yaml(json: &Json) -> Yaml<'_> {
    match json {
        Json::String(text) => Yaml::Text(text.clone()),
        Json::Null | Json::Bool(_) | Json::Number(_) => Yaml::Literal(json.to_string()),
        Json::Array(items) => Yaml::List(items.iter().map(as_yaml).collect()),
        Json::Object(entries) => {
            Yaml::Map(entries.iter().map(|(key, value)| (key.as_str(), as_yaml(value))).collect())
        }
    }
}

/// Tells whether a value is not the same on all nodes.
pub(super) fn differs(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Null => false,
        ValueKind::Scalar(scalar) => matches!(scalar.texts, Texts::Each(_)),
        ValueKind::List(items) => items.iter().any(differs),
        ValueKind::Map(entries) => entries.iter().any(|(_, value)| differs(value)),
    }
}

/// Tells whether a value holds a secret.
pub(super) fn holds_secret(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Null => false,
        ValueKind::Scalar(scalar) => scalar.is_secret(),
        ValueKind::List(items) => items.iter().any(holds_secret),
        ValueKind::Map(entries) => entries.iter().any(|(_, value)| holds_secret(value)),
    }
}

fn owner(value: &Value, key: &str) -> Option<Owner> {
    let text = read::text_at(value, key)?.value;
    Some(match scalar::integer(&text).and_then(|id| u32::try_from(id).ok()) {
        Some(id) => Owner::Id(id),
        None => Owner::Name(text),
    })
}

/// Reads all directories.
pub(super) fn directories(tree: &Value) -> Vec<DirectorySpec> {
    let mut found: Vec<DirectorySpec> = read::entries_at(tree, "directories")
        .map(|(path, value)| DirectorySpec {
            path: path.clone(),
            mode: read::mode_at(value, "mode").unwrap_or_else(|| Spanned::new(0o755, path.span)),
            user: owner(value, "user"),
            group: owner(value, "group"),
        })
        .collect();
    found.sort_by(|a, b| a.path.value.cmp(&b.path.value));
    found
}

/// Reads all links.
pub(super) fn links(tree: &Value, diags: &mut Diagnostics) -> Vec<LinkSpec> {
    let mut found = Vec::new();
    for (path, value) in read::entries_at(tree, "links") {
        match read::text_at(value, "target") {
            Some(target) if target.value.is_empty() => read::missing(
                target.span,
                &format!("links.{}", path.value),
                "target",
                "/absolute/path",
                diags,
            ),
            Some(target) => found.push(LinkSpec {
                path: path.clone(),
                target: target.value,
                hard: read::bool_at(value, "hard").is_some_and(|hard| hard.value),
            }),
            None => read::missing(
                path.span,
                &format!("links.{}", path.value),
                "target",
                "/absolute/path",
                diags,
            ),
        }
    }
    found.sort_by(|a, b| a.path.value.cmp(&b.path.value));
    found
}

/// Reads kernel settings.
pub(super) fn sysctl(tree: &Value) -> Vec<(Spanned<String>, String)> {
    let mut found: Vec<(Spanned<String>, String)> = read::entries_at(tree, "sysctl")
        .filter_map(|(name, value)| Some((name.clone(), value.text()?.to_owned())))
        .collect();
    found.sort_by(|a, b| a.0.value.cmp(&b.0.value));
    found
}

/// Reads the arguments the kernel must and must not have.
pub(super) fn kernel_arguments(
    section: &Value,
    diags: &mut Diagnostics,
) -> (Vec<Spanned<String>>, Vec<Spanned<String>>) {
    let lists = ["should_exist", "should_not_exist"].map(|key| read::texts_at(section, key));
    for argument in lists.iter().flatten().filter(|argument| !is_argument(&argument.value)) {
        let title = format!("`{}` is not one argument of the kernel", argument.value);
        diags.report(
            Diagnostic::error(
                "kernel-argument-malformed",
                argument.span,
                title,
                "none, or several",
            )
            .help(
                "write each argument as an item of its own, as in `quiet` or `console=ttyS0`; \
                       a blank in one stands in `\"…\"`",
            ),
        );
    }
    let [present, absent] = lists;
    (present, absent)
}

/// Returns whether a text is one argument as the kernel takes its command line apart: at blanks outside of `"`.
fn is_argument(text: &str) -> bool {
    let mut quoted = false;
    !text.is_empty()
        && text.chars().all(|c| {
            quoted ^= c == '"';
            quoted || !c.is_whitespace()
        })
        && !quoted
}

/// Reads how updates reboot machines; without a strategy the system keeps its own way.
pub(super) fn updates(tree: &Value, diags: &mut Diagnostics) -> Option<Updates> {
    let section = tree.get("updates")?;
    let Some(strategy) = read::text_at(section, "strategy") else {
        read::missing(section.span, "updates", "strategy", "windows", diags);
        return None;
    };
    let window = section.get("window")?;
    let reboots = match strategy.value.as_str() {
        "off" => Reboots::Off,
        "windows" => {
            let length = read::seconds_at(window, "length")?;
            if length.value < 60 || length.value > 86_400 {
                let said = window.get("length").and_then(Value::text).unwrap_or_default();
                let title =
                    format!("`updates.window.length` is `{said}`, but must be from 1min to 24h");
                diags.report(
                    Diagnostic::error("wrong-type", length.span, title, "out of bounds")
                        .help("write it as in `1h`"),
                );
                return None;
            }
            Reboots::Windows(Window {
                start_minute: scalar::clock(&read::text_at(window, "start")?.value)?,
                length_minutes: u32::try_from(length.value / 60).ok()?,
            })
        }
        _ => Reboots::Lock {
            url: read::text_at(section, "url").map(|url| url.value),
            group: read::text_at(section, "group")?.value,
        },
    };
    Some(Updates { strategy: Spanned::new(reboots, strategy.span) })
}

/// Reads disks, arrays and file systems in Ignition's words.
pub(super) fn storage(tree: &Value, diags: &mut Diagnostics) -> Storage {
    let Some(section) = tree.get("storage") else { return Storage::default() };
    let list = |key: &str| section.get(key).map(Value::items).unwrap_or_default();
    Storage {
        disks: list("disks")
            .iter()
            .enumerate()
            .filter_map(|(index, value)| disk(&format!("storage.disks[{index}]"), value, diags))
            .collect(),
        raid: list("raid")
            .iter()
            .enumerate()
            .filter_map(|(index, value)| raid(&format!("storage.raid[{index}]"), value, diags))
            .collect(),
        filesystems: list("filesystems")
            .iter()
            .enumerate()
            .filter_map(|(index, value)| {
                filesystem(&format!("storage.filesystems[{index}]"), value, diags)
            })
            .collect(),
    }
}

fn required(
    value: &Value,
    path: &str,
    key: &str,
    example: &str,
    diags: &mut Diagnostics,
) -> Option<Spanned<String>> {
    let found = read::text_at(value, key);
    if found.is_none() {
        read::missing(value.span, path, key, example, diags);
    }
    found
}

fn disk(path: &str, value: &Value, diags: &mut Diagnostics) -> Option<StorageDisk> {
    Some(StorageDisk {
        device: required(value, path, "device", "/dev/disk/by-id/…", diags)?,
        wipe_table: read::bool_at(value, "wipe_table").is_some_and(|wipe| wipe.value),
        partitions: value
            .get("partitions")
            .map(Value::items)
            .unwrap_or_default()
            .iter()
            .map(|value| StoragePartition {
                number: read::number_at(value, "number").map_or(0, |number| number.value),
                label: read::text_at(value, "label"),
                size_mib: read::number_at(value, "size_mib").map(|size| size.value),
                start_mib: read::number_at(value, "start_mib").map(|start| start.value),
                type_guid: read::text_at(value, "type_guid"),
                wipe_partition_entry: read::bool_at(value, "wipe_partition_entry")
                    .is_some_and(|wipe| wipe.value),
                resize: read::bool_at(value, "resize"),
            })
            .collect(),
    })
}

fn raid(path: &str, value: &Value, diags: &mut Diagnostics) -> Option<StorageRaid> {
    let devices = read::words_at(value, "devices");
    if devices.is_empty() {
        read::missing(value.span, path, "devices", "[/dev/disk/by-id/…]", diags);
    }
    let name = required(value, path, "name", "data", diags);
    let level = required(value, path, "level", "raid0", diags);
    Some(StorageRaid {
        name: name?,
        level: level?.value,
        devices,
        spares: read::number_at(value, "spares").map_or(0, |spares| spares.value),
    })
}

fn filesystem(path: &str, value: &Value, diags: &mut Diagnostics) -> Option<StorageFilesystem> {
    let device = required(value, path, "device", "/dev/disk/by-partlabel/…", diags);
    let format = required(value, path, "format", "xfs", diags);
    if let Some(format) = &format {
        without_format(value, format, diags);
    }
    Some(StorageFilesystem {
        device: device?,
        format: format?,
        label: read::text_at(value, "label"),
        path: read::text_at(value, "path"),
        wipe_filesystem: read::bool_at(value, "wipe_filesystem").is_some_and(|wipe| wipe.value),
        options: read::words_at(value, "options"),
        mount_options: read::words_at(value, "mount_options"),
    })
}

/// Reports what only a file system can have: nothing is mounted of a swap area, and nothing is made where there is no
/// format.
fn without_format(value: &Value, format: &Spanned<String>, diags: &mut Diagnostics) {
    let keys: &[&str] = match format.value.as_str() {
        "swap" => &["path"],
        "none" => &["path", "label", "options", "mount_options"],
        _ => return,
    };
    for (key, said) in keys.iter().filter_map(|key| Some((key, value.get(key)?))) {
        let title = format!("`{key}` is for a file system, and the format is `{}`", format.value);
        diags.report(
            Diagnostic::error("key-conflict", said.span, title, "means nothing here")
                .related(format.span, "no file system")
                .help(format!("remove `{key}`, or set another `format`"))
                .edit(Edit::remove(said.span)),
        );
    }
}
