//! Machines for the tests of this room: one of everything, and an empty one.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::model::machine::{
    Command, Contents, Directory, Disk, File, Filesystem, Group, Link, Machine, Owner, Partition,
    Raid, Unit, User,
};
use crate::model::{Format, IgnitionVersion, Os, Platform, Target, UnitText};
use crate::source::{Sources, Span, Spanned};

/// Returns a value as if written at byte `at` of some profile.
pub(super) fn at<T>(at: usize, value: impl Into<T>) -> Spanned<T> {
    let file = Sources::new().add("profile.yaml", "");
    Spanned::new(value.into(), Span::new(file, at, at + 1))
}

pub(super) fn target(version: IgnitionVersion, platform: Platform) -> Target {
    Target {
        os: at(0, Os::Flatcar),
        platform: at(1, platform),
        ignition: at(2, version),
        formats: at(3, Format::ALL.map(|(_, format)| format)),
    }
}

pub(super) fn empty() -> Machine {
    Machine::named("kafka-1")
}

pub(super) fn file(path: &str, contents: &[u8]) -> File {
    File {
        path: at(20, path),
        mode: at(21, 0o644_u32),
        user: None,
        group: None,
        contents: Contents::open(contents),
    }
}

pub(super) fn unit(name: &str, contents: Option<&str>) -> Unit {
    Unit {
        name: at(30, name),
        contents: contents.map(str::to_owned),
        enabled: None,
        mask: false,
        dropins: BTreeMap::new(),
        command: None,
        fleet: None,
        secret: false,
    }
}

pub(super) fn user(name: &str) -> User {
    User {
        name: at(10, name),
        ssh_authorized_keys: Vec::new(),
        password_hash: None,
        uid: None,
        primary_group: None,
        groups: Vec::new(),
        home_dir: None,
        shell: None,
        system: false,
        should_exist: None,
    }
}

/// Returns a machine that every format and version can say.
pub(super) fn simple() -> Machine {
    let mut fleet = UnitText::new();
    fleet.push("X-Fleet", "MachineOf", "zookeeper.service");
    let broker = Unit {
        enabled: Some(true),
        dropins: BTreeMap::from([(
            "10-log.conf".to_owned(),
            "[Service]\nLogLevelMax=info\n".to_owned(),
        )]),
        command: Some(Command::Start),
        fleet: Some(fleet),
        ..unit("kafka.service", Some("[Service]\nExecStart=/opt/bin/kafka \"%i\"\n"))
    };
    Machine {
        hostname: Some("kafka-1".to_owned()),
        users: vec![
            User { ssh_authorized_keys: vec!["ssh-ed25519 AAAA a@b".to_owned()], ..user("core") },
            User {
                groups: vec!["docker".to_owned()],
                shell: Some("/bin/bash".to_owned()),
                ..user("kafka")
            },
        ],
        files: vec![
            File {
                user: Some(Owner::Id(1000)),
                group: Some(Owner::Id(1001)),
                ..file("/etc/kafka/a", b"x=1\ny=2\n")
            },
            file("/etc/kafka/b", &[0xff, 0]),
        ],
        units: vec![
            broker,
            unit("locksmithd.service", None),
            Unit { mask: true, ..unit("update-engine.service", None) },
        ],
        ..empty()
    }
}

/// Returns a machine with one of everything but what not every version knows.
pub(super) fn full() -> Machine {
    Machine {
        groups: vec![Group { name: at(11, "hadoop"), gid: Some(2000), system: true }],
        directories: vec![Directory {
            path: at(12, "/var/lib/x"),
            mode: at(13, 0o750_u32),
            user: Some(Owner::Name("kafka".to_owned())),
            group: None,
        }],
        links: vec![Link { path: at(14, "/etc/l"), target: "/etc/kafka/a".to_owned(), hard: true }],
        disks: vec![Disk {
            device: at(15, "/dev/nvme1n1"),
            wipe_table: true,
            partitions: vec![Partition {
                number: 1,
                label: Some(at(16, "data")),
                size_mib: Some(0),
                start_mib: Some(1),
                type_guid: None,
                wipe_partition_entry: true,
                resize: None,
            }],
        }],
        raid: vec![Raid {
            name: at(17, "md"),
            level: "raid0".to_owned(),
            devices: vec!["/dev/a".to_owned(), "/dev/b".to_owned()],
            spares: 1,
        }],
        filesystems: vec![Filesystem {
            device: at(18, "/dev/md/md"),
            format: "xfs".to_owned(),
            label: Some("data".to_owned()),
            path: Some("/var/lib/x".to_owned()),
            wipe_filesystem: true,
            options: vec!["-f".to_owned()],
        }],
        ..simple()
    }
}

/// Returns code, start of the place and title of every finding.
pub(super) fn said(diags: &Diagnostics) -> Vec<(&'static str, u32, String)> {
    diags
        .sorted()
        .iter()
        .map(|found| (found.code, found.primary.span.start, found.title.clone()))
        .collect()
}

/// Returns `length` bytes that cannot be compressed, the same ones each time.
pub(super) fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    })
    .take(length)
    .collect()
}
