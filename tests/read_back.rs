//! What profiles compile to is read back: without a finding that the profile itself has not, and as the machine it is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

mod case;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cfgbuild::diagnostic::Diagnostics;
use cfgbuild::model::Format;
use cfgbuild::model::machine::{File, Machine};
use cfgbuild::profile::{Inputs, Loader};
use cfgbuild::source::{Door, Origin, Sources, Spanned};
use cfgbuild::{Build, Options, compile, inspect};

/// What is told of units and not of what they are made of: a profile's own containers are not judged as the servers
/// that they may be, and an address that a template puts in is not seen to be one.
const OF_CONTAINERS: [&str; 8] = [
    "container-bind-not-mounted",
    "container-data-not-kept",
    "container-heap-unset",
    "container-host-unresolvable",
    "container-open-files-unset",
    "container-stop-too-short",
    "hard-coded-advertised-host",
    "hard-coded-peer-address",
];

/// Every system and every platform, not each with each: that took a minute.
const TARGETS: [(&str, &str); 5] = [
    ("flatcar", "aws"),
    ("flatcar", "qemu"),
    ("flatcar", "custom"),
    ("fedora-coreos", "aws"),
    ("container-linux", "custom"),
];

fn build(
    folder: &Path,
    role: &str,
    target: &[(&str, &str)],
) -> Option<(Build, BTreeSet<&'static str>)> {
    let door = Door::open(folder).expect("the workspace is there");
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = Spanned::new(role.to_owned(), Sources::NOWHERE);
    let target = target.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let inputs = Inputs { target: target.collect(), ..Inputs::default() };
    let options = Options { inputs, threads: 1, ..Options::default() };
    let mut loader = Loader::new(&door);
    let built = compile(&role, &mut loader, &options, &mut sources, &mut diags).ok()?;
    let mut codes: BTreeSet<&str> = diags.sorted().iter().map(|finding| finding.code).collect();
    // what is allowed is found all the same
    let allowed = built.role.allow.iter().map(|(code, _)| code.value.as_str());
    let known = allowed.filter_map(|code| cfgbuild::check::all().find(|check| check.code == code));
    codes.extend(known.map(|check| check.code));
    Some((built, codes))
}

/// Reads every artefact of a build that machines or stacks read; returns what is wrong, and how many there are.
fn read(name: &str, build: &Build, codes: &BTreeSet<&str>, faults: &mut Vec<String>) -> usize {
    let mut count = 0;
    for (path, artefact) in build.tree.iter() {
        let is_user_data = ["ignition.json", "cloud-config.yaml", "cloud-config.yaml.gz"]
            .iter()
            .any(|end| path.ends_with(end))
            || path.starts_with("cloudformation.")
                && build.role.target.formats.value.iter().any(|format| *format != Format::Packer);
        if !is_user_data {
            continue;
        }
        count += 1;
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let found = inspect::read(path, &artefact.bytes, Origin::Outside, &mut sources, &mut diags);
        if found.is_empty() {
            faults.push(format!("{name}: {path} is not read"));
        }
        let has_own = !build.role.containers.is_empty() || !build.role.units.is_empty();
        for finding in diags.sorted() {
            let is_known = codes.contains(finding.code)
                || OF_CONTAINERS.contains(&finding.code) && has_own
                || finding.code == "container-bind-not-mounted"
                    && codes.contains("data-on-root-disk");
            if !is_known {
                faults.push(format!("{name}: {path}: {}: {}", finding.code, finding.title));
            }
        }
        let node = path.strip_prefix("nodes/").and_then(|path| path.split_once('/'));
        let Some((node, "ignition.json")) = node else { continue };
        // of a config that is fetched nothing is here to compare
        if String::from_utf8_lossy(&artefact.bytes).contains(r#""source":"s3:"#) {
            continue;
        }
        let machine = build.machines.iter().find(|machine| machine.name == node);
        let machine = machine.expect("a node has a machine");
        let read = found.first().expect("is read").machine();
        if let Some(fault) = differs(machine, &read) {
            faults.push(format!("{name}: {path}: {fault}"));
        }
    }
    count
}

/// Tells where a machine that was read differs from the one that was printed.
fn differs(printed: &Machine, read: &Machine) -> Option<String> {
    let files = |machine: &Machine| -> BTreeMap<String, String> {
        let shown = |file: &File| {
            let File { path, mode, user, group, contents } = file;
            let bytes = contents.bytes().into_owned();
            let text = String::from_utf8_lossy(&bytes);
            (path.value.clone(), format!("{:o} {user:?} {group:?} {text}", mode.value))
        };
        // what only the stack knows is written by the printers alone
        let own = machine.files.iter().filter(|file| file.path.value != Machine::STACK_FILE);
        own.map(shown).collect()
    };
    let others = |machine: &Machine| -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for made in &machine.directories {
            let (user, group) = (&made.user, &made.group);
            all.insert(
                made.path.value.clone(),
                format!("{:o} {user:?} {group:?}", made.mode.value),
            );
        }
        for link in &machine.links {
            all.insert(link.path.value.clone(), format!("{} {}", link.target, link.hard));
        }
        for disk in &machine.disks {
            let parts = disk.partitions.iter().map(|part| {
                let label = part.label.as_ref().map(|label| &label.value);
                format!("{} {label:?} {:?} {:?}", part.number, part.size_mib, part.start_mib)
            });
            let parts: Vec<String> = parts.collect();
            all.insert(disk.device.value.clone(), format!("{} {parts:?}", disk.wipe_table));
        }
        for array in &machine.raid {
            let (level, devices) = (&array.level, &array.devices);
            all.insert(array.name.value.clone(), format!("{level} {devices:?} {}", array.spares));
        }
        for made in &machine.filesystems {
            let (format, label, path) = (&made.format, &made.label, &made.path);
            let options = (made.wipe_filesystem, &made.options);
            let shown = format!("{format} {label:?} {path:?} {options:?}");
            all.insert(format!("file system on {}", made.device.value), shown);
        }
        for user in &machine.users {
            let hash = user.password_hash.as_ref().map(|hash| &hash.value);
            let ids = (user.uid.as_ref().map(|uid| uid.value), user.system, &user.primary_group);
            let shown = format!("{:?} {hash:?} {ids:?}", user.ssh_authorized_keys);
            let more = format!("{:?} {:?} {:?}", user.groups, user.home_dir, user.shell);
            all.insert(format!("user {}", user.name.value), shown + &more);
        }
        for group in &machine.groups {
            all.insert(
                format!("group {}", group.name.value),
                format!("{:?} {}", group.gid, group.system),
            );
        }
        for unit in &machine.units {
            let (enabled, mask, dropins) = (&unit.enabled, unit.mask, &unit.dropins);
            let shown = format!("{:?} {enabled:?} {mask} {dropins:?}", unit.contents);
            all.insert(unit.name.value.clone(), shown);
        }
        for argument in &machine.kernel_arguments.should_exist {
            all.insert(format!("argument {}", argument.value), String::new());
        }
        all
    };
    for (printed, read) in [(files(printed), files(read)), (others(printed), others(read))] {
        let keys: BTreeSet<&String> = printed.keys().chain(read.keys()).collect();
        for key in keys {
            if printed.get(key) != read.get(key) {
                let cut = |text: Option<&String>| -> String {
                    text.map_or("nothing", String::as_str).chars().take(300).collect()
                };
                return Some(format!(
                    "{key}: {} is read as {}",
                    cut(printed.get(key)),
                    cut(read.get(key))
                ));
            }
        }
    }
    None
}

#[test]
fn shipped_profiles_for_every_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut roles: Vec<String> = fs::read_dir(folder.join("profiles"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    roles.sort();
    let (mut faults, mut read_back, mut formats) = (Vec::new(), 0, BTreeSet::new());
    for role in &roles {
        for (os, platform) in TARGETS {
            let target = [("os", os), ("platform", platform)];
            let Some((build, codes)) = build(folder, role, &target) else { continue };
            let written = &build.role.target.formats.value;
            formats.extend(written.iter().map(|format| *format == Format::CloudConfig));
            let name = format!("{role} on {os}, {platform}");
            read_back += read(&name, &build, &codes, &mut faults);
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(read_back > 150 && formats.len() == 2, "{read_back} of {formats:?}");
}

#[test]
fn every_case_that_compiles() {
    let mut seen = BTreeSet::new();
    let mut cases = case::all();
    cases.retain(|case| seen.insert(format!("{:?}", case.inputs)));
    let read_case = |case: &case::Case, faults: &mut Vec<String>| {
        let paths = case.inputs.keys().filter_map(|path| path.strip_prefix("profiles/"));
        let roles: BTreeSet<&str> =
            paths.filter_map(|path| Some(path.split_once('/')?.0)).collect();
        let folder = tempfile::tempdir().unwrap();
        case.unpack(folder.path());
        let mut read_back = 0;
        for role in roles {
            let Some((build, codes)) = build(folder.path(), role, &[]) else { continue };
            read_back += read(&format!("{}, {role}", case.name), &build, &codes, faults);
        }
        read_back
    };
    // half a minute of one processor
    let halves = cases.chunks(cases.len() / 2 + 1);
    let (faults, read_back) = std::thread::scope(|scope| {
        let half = |cases| {
            let mut faults = Vec::new();
            let counts = |faults: &mut Vec<String>| -> usize {
                let cases: &[case::Case] = cases;
                cases.iter().map(|case| read_case(case, faults)).sum()
            };
            let count = counts(&mut faults);
            (faults, count)
        };
        let threads: Vec<_> = halves.map(|cases| scope.spawn(move || half(cases))).collect();
        let done = threads.into_iter().map(|thread| thread.join().unwrap());
        done.fold((Vec::new(), 0), |(mut faults, count), (more, read)| {
            faults.extend(more);
            (faults, count + read)
        })
    });
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(read_back > 300, "{read_back}");
}
