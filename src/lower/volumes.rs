//! Volumes of a profile → volumes with a label and a source.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Disks, Ebs, FilesystemType, InstanceStore, Volume, VolumeSource};
use crate::platform::Platform;
use crate::profile::Value;
use crate::profile::read;
use crate::source::{Edit, Spanned};

/// Reads all volumes, in the order of their names; one that cannot be read has been reported, and is there by its name
/// alone, so that those who name it find it.
pub(super) fn volumes(tree: &Value, platform: &Platform, diags: &mut Diagnostics) -> Vec<Volume> {
    let (mut found, mut faulty) = (Vec::new(), Vec::new());
    for (name, value) in read::entries_at(tree, "volumes") {
        match volume(name, value, platform, diags) {
            Some(volume) => found.push(volume),
            None => faulty.push(named(name)),
        }
    }
    found.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    name_devices(&mut found);
    clashes(&found, diags);
    all_disks_twice(&found, diags);
    found.append(&mut faulty);
    found
}

/// Returns a volume of which nothing is known but its name.
fn named(name: &Spanned<String>) -> Volume {
    let unknown = || Spanned::new(String::new(), name.span);
    Volume {
        name: name.clone(),
        mount: unknown(),
        filesystem: Spanned::new(FilesystemType::Xfs, name.span),
        label: name.clone(),
        options: Vec::new(),
        source: VolumeSource::Device(unknown()),
    }
}

fn volume(
    name: &Spanned<String>,
    value: &Value,
    platform: &Platform,
    diags: &mut Diagnostics,
) -> Option<Volume> {
    let path = format!("volumes.{}", name.value);
    let Some(mount) = read::text_at(value, "mount") else {
        read::missing(name.span, &path, "mount", &format!("/var/lib/{}", name.value), diags);
        return None;
    };
    let filesystem = read::word_at(value, "filesystem", &FilesystemType::ALL)
        .unwrap_or_else(|| Spanned::new(FilesystemType::Xfs, name.span));
    let label = read::text_at(value, "label").unwrap_or_else(|| name.clone());
    let limit = filesystem.value.label_limit();
    if label.value.len() > limit {
        let (word, bytes) = (filesystem.value.word(), label.value.len());
        let title = format!("label `{}` has {bytes} bytes, {word} takes {limit}", label.value);
        let mut found =
            Diagnostic::error("label-too-long", label.span, title, "too long for a label")
                .help(format!("set `volumes.{}.label` to at most {limit} bytes", name.value));
        if filesystem.span != label.span {
            found = found.related(filesystem.span, format!("the file system is {word}"));
        }
        diags.report(found);
    }
    let options = match value.get("options") {
        Some(_) => read::texts_at(value, "options"),
        None => vec![Spanned::new("noatime".to_owned(), name.span)],
    };
    let source = source(name, value, &path, platform, diags)?;
    Some(Volume { name: name.clone(), mount, filesystem, label, options, source })
}

fn source(
    name: &Spanned<String>,
    value: &Value,
    path: &str,
    platform: &Platform,
    diags: &mut Diagnostics,
) -> Option<VolumeSource> {
    let (key, said) =
        read::one_of(value, name.span, path, &["device", "ebs", "instance_store"], diags)?;
    match key {
        "device" => Some(VolumeSource::Device(read::text(said)?)),
        "ebs" => ebs(name, said, path, diags).map(VolumeSource::Ebs),
        _ => {
            let devices = read::texts_at(said, "devices");
            let store = if devices.is_empty() {
                let Some(model) = platform.own_disks else {
                    let path = format!("{path}.instance_store");
                    read::missing(said.span, &path, "devices", "[/dev/disk/by-id/…]", diags);
                    return None;
                };
                InstanceStore { at: said.span, disks: Disks::All(model) }
            } else {
                let at = said.get("devices").map_or(said.span, |list| list.span);
                InstanceStore { at, disks: Disks::Named(devices) }
            };
            Some(VolumeSource::InstanceStore(store))
        }
    }
}

fn ebs(name: &Spanned<String>, said: &Value, path: &str, diags: &mut Diagnostics) -> Option<Ebs> {
    const GIB_IN_MIB: u64 = 1 << 10;
    let path = format!("{path}.ebs");
    let Some(size) = read::mib_at(said, "size") else {
        read::missing(said.span, &path, "size", "100GiB", diags);
        return None;
    };
    if size.value % GIB_IN_MIB != 0 {
        let title = format!("`{path}.size` is {} MiB, but EBS sizes are whole GiB", size.value);
        let whole = format!("{}GiB", size.value / GIB_IN_MIB + 1);
        diags.report(
            Diagnostic::error("ebs-size", size.span, title, "not whole")
                .help(format!("write `{whole}`"))
                .edit(Edit::write(size.span, whole)),
        );
    }
    Some(Ebs {
        at: said.span,
        device: read::text_at(said, "device")
            .unwrap_or_else(|| Spanned::new(String::new(), name.span)),
        size_gib: size.map(|mib| mib / GIB_IN_MIB),
        volume_type: read::text_at(said, "type")
            .unwrap_or_else(|| Spanned::new("gp3".to_owned(), said.span)),
        keep: read::bool_at(said, "keep").unwrap_or(Spanned::new(false, said.span)),
        iops: read::number_at(said, "iops"),
        throughput: read::number_at(said, "throughput"),
    })
}

/// Gives every EBS volume without a device name the next free one that EC2 recommends: `/dev/xvdf` to `/dev/xvdp`,
/// then those of two letters from `/dev/xvdba` to `/dev/xvdcz`. More than 63 are more than any instance attaches.
fn name_devices(volumes: &mut [Volume]) {
    let taken: Vec<String> = volumes
        .iter()
        .filter_map(|volume| match &volume.source {
            VolumeSource::Ebs(ebs) => Some(ebs.device.value.clone()),
            VolumeSource::Device(device) => Some(device.value.clone()),
            VolumeSource::InstanceStore(_) => None,
        })
        .collect();
    let single = ('f'..='p').map(|letter| format!("/dev/xvd{letter}"));
    let double = ('b'..='c')
        .flat_map(|first| ('a'..='z').map(move |second| format!("/dev/xvd{first}{second}")));
    let mut free = single.chain(double).filter(|name| !taken.contains(name));
    for volume in volumes {
        if let VolumeSource::Ebs(ebs) = &mut volume.source
            && ebs.device.value.is_empty()
        {
            ebs.device.value =
                free.next().unwrap_or_else(|| format!("/dev/xvdz-{}", volume.name.value));
        }
    }
}

/// Reports mount points, labels and devices that two volumes share.
fn clashes(volumes: &[Volume], diags: &mut Diagnostics) {
    let mut taken: BTreeMap<(&str, &str), &Volume> = BTreeMap::new();
    for volume in volumes {
        let devices: Vec<&Spanned<String>> = match &volume.source {
            VolumeSource::Device(device) => vec![device],
            VolumeSource::Ebs(ebs) => vec![&ebs.device],
            VolumeSource::InstanceStore(store) => store.named().iter().collect(),
        };
        let mut claims = vec![("mount point", &volume.mount), ("label", &volume.label)];
        claims.extend(devices.into_iter().map(|device| ("device", device)));
        for (what, claim) in claims {
            if let Some(other) = taken.insert((what, claim.value.as_str()), volume) {
                let (a, b) = (&other.name.value, &volume.name.value);
                let title =
                    format!("volumes `{a}` and `{b}` have the same {what} `{}`", claim.value);
                diags.report(
                    Diagnostic::error("volume-clash", claim.span, title, "already taken")
                        .related(other.name.span, format!("taken by `{a}`"))
                        .help(format!("give `{b}` a {what} of its own")),
                );
            }
        }
    }
}

/// Reports a volume of all disks of the instance beside another that takes some of them.
fn all_disks_twice(volumes: &[Volume], diags: &mut Diagnostics) {
    let stores = || {
        volumes.iter().filter_map(|volume| match &volume.source {
            VolumeSource::InstanceStore(store) => Some((volume, store)),
            VolumeSource::Ebs(_) | VolumeSource::Device(_) => None,
        })
    };
    let Some((whole, all)) = stores().find(|(_, store)| store.named().is_empty()) else { return };
    for (other, store) in stores().filter(|(other, _)| other.name != whole.name) {
        let (a, b) = (&whole.name.value, &other.name.value);
        let title =
            format!("volume `{a}` takes all disks of the instance, so `{b}` cannot have any");
        diags.report(
            Diagnostic::error("volume-clash", store.at, title, "already taken")
                .related(all.at, format!("names no disks: `{a}` is made of all"))
                .help(format!(
                    "remove `volumes.{b}`, and keep what is on it in a directory below `{}`",
                    whole.mount.value
                )),
        );
    }
}
