//! A small role for the tests of this room, and what its machines must be.
//!
//! The expected texts are files in `golden/`, as an operator would read them on the machine.

use std::fmt::Write as _;

use super::*;
use crate::model::machine::{Command, Unit};
use crate::model::{
    Bind, Confinement, Disks, DropinSpec, Ebs, FileSpec, FilesystemType, Format, HostFact,
    Identity, IdentityFile, IgnitionVersion, Image, InstanceStore, Network, Node, Os, Ownership,
    PerNode, Placement, Platform, Reboots, Run, Step, Storage, StorageFilesystem, Target, Task,
    Text, UnitSpec, Updates, Variable, Volume, VolumeSource, When, Window,
};
use crate::source::{Sources, Spanned};

fn at<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Sources::NOWHERE)
}

fn text(parts: &[&str]) -> Text {
    let mut text = Text::default();
    for part in parts {
        match HostFact::ALL.iter().find(|(name, _)| Some(*name) == part.strip_prefix("host.")) {
            Some((_, fact)) => text.push_host(*fact),
            None => text.push_str(part),
        }
    }
    text
}

/// Returns three pinned nodes with one EBS volume each.
fn role(os: Os) -> Role {
    let node = |index: u32| Node {
        index,
        name: at(format!("kafka-{index}")),
        id: at(index),
        zone: None,
        address: None,
        ip: None,
        leaving: None,
    };
    Role {
        name: "kafka".to_owned(),
        description: String::new(),
        target: Target {
            os: at(os),
            platform: at(Platform::Aws),
            ignition: at(IgnitionVersion::V3_4),
            formats: at(vec![Format::Ignition]),
        },
        cluster: at("kafka".to_owned()),
        domain: None,
        identity: at(Identity::Pinned),
        hosts: Vec::new(),
        nodes: (1..=3).map(node).collect(),
        registry: None,
        aws: None,
        volumes: vec![volume("kafka", "/var/lib/kafka", FilesystemType::Xfs)],
        containers: Vec::new(),
        units: Vec::new(),
        files: Vec::new(),
        directories: Vec::new(),
        links: Vec::new(),
        users: Vec::new(),
        groups: Vec::new(),
        sysctl: Vec::new(),
        kernel_arguments: Vec::new(),
        kernel_arguments_absent: Vec::new(),
        updates: Some(Updates {
            strategy: at(Reboots::Windows(Window { start_minute: 240, length_minutes: 60 })),
        }),
        storage: Storage::default(),
        provisioners: Vec::new(),
        allow: Vec::new(),
    }
}

fn volume(name: &str, mount: &str, filesystem: FilesystemType) -> Volume {
    let ebs = Ebs {
        at: Sources::NOWHERE,
        device: at("/dev/xvdf".to_owned()),
        size_gib: at(100),
        volume_type: at("gp3".to_owned()),
        keep: at(true),
        iops: None,
        throughput: None,
    };
    Volume {
        name: at(name.to_owned()),
        mount: at(mount.to_owned()),
        filesystem: at(filesystem),
        label: at(name.to_owned()),
        options: vec![at("noatime".to_owned())],
        source: VolumeSource::Ebs(ebs),
    }
}

fn variable(name: &str, value: &[&str], secret: bool) -> Variable {
    Variable { name: at(name.to_owned()), value: PerNode::Same(text(value)), secret }
}

/// Returns a broker that uses all a container can have.
fn broker() -> Container {
    let bind = |from: &str, to: &str, create: Option<Ownership>| Bind {
        from: at(from.to_owned()),
        to: to.to_owned(),
        read_only: create.is_none(),
        slave: false,
        create,
    };
    let owner = Ownership { uid: 1000, gid: 1000, mode: 0o750 };
    Container {
        name: at("kafka".to_owned()),
        description: "Kafka broker 1 of 3".to_owned(),
        documentation: Some("https://kafka.apache.org/39/documentation.html".to_owned()),
        image: at(Image::parse("apache/kafka:3.9.1").expect("is a reference")),
        run: Run::Always,
        network: Network::Host,
        ports: Vec::new(),
        user: Some("1000:1000".to_owned()),
        entrypoint: None,
        args: Vec::new(),
        env: vec![
            variable("KAFKA_HEAP_OPTS", &["-Xms2g -Xmx2g"], false),
            variable("KAFKA_SASL", &["user=\"me\" password=\"50% $off\";"], true),
            variable(
                "KAFKA_ADVERTISED_LISTENERS",
                &["PLAINTEXT://", "host.private_ipv4", ":9092"],
                false,
            ),
            variable("PATH", &["/opt/kafka/bin:/usr/bin"], false),
        ],
        secrets: Vec::new(),
        binds: vec![
            bind("/var/lib/kafka/data", "/var/lib/kafka/data", Some(owner)),
            bind("/etc/cfgbuild/kafka", "/etc/kafka/secrets", None),
        ],
        tmpfs: vec!["/tmp".to_owned()],
        ulimits: vec!["nofile=128000:128000".to_owned()],
        memory_mib: Some(4096),
        health: None,
        labels: Vec::new(),
        confinement: Confinement::default(),
        stop_timeout: 170,
        ready_port: Some(9092),
        ready_host: None,
        after: vec![at("zookeeper.service".to_owned())],
        requires: Vec::new(),
        wants: Vec::new(),
        deciding: None,
        guard: None,
        identity: Some(IdentityFile {
            path: "/var/lib/kafka/data/owner".to_owned(),
            value: "kafka-1".to_owned(),
        }),
        placement: Placement::default(),
    }
}

fn parts() -> Parts {
    let task = |name: &str, argv: &[&str], until_silent, when| Task {
        name: name.to_owned(),
        description: "Task".to_owned(),
        container: "kafka".to_owned(),
        steps: vec![Step::Run {
            argv: argv.iter().map(|word| (*word).to_owned()).collect(),
            until_silent,
        }],
        when,
        place: at(()),
    };
    Parts {
        late: Vec::new(),
        containers: vec![broker()],
        seats: Vec::new(),
        tasks: vec![
            task("kafka-topics", &["create", "a b", "it's $x"], false, When::AfterStart),
            task("kafka-caught-up", &["describe"], true, When::BeforeUpdates),
        ],
        files: Vec::new(),
        sysctl: vec![("vm.swappiness".to_owned(), "1".to_owned())],
    }
}

fn built(role: &Role) -> Machine {
    let mut diags = Diagnostics::new();
    let machine = build(role, &parts(), 0, &mut diags);
    assert!(diags.sorted().is_empty(), "{:?}", diags.sorted());
    machine
}

/// Returns every unit and drop-in as it would stand on the disk.
fn shown(machine: &Machine) -> String {
    let mut shown = String::new();
    for unit in &machine.units {
        let name = &unit.name.value;
        if let Some(contents) = &unit.contents {
            let _ = write!(shown, "### {name}\n{contents}\n");
        }
        for (dropin, contents) in &unit.dropins {
            let _ = write!(shown, "### {name}.d/{dropin}\n{contents}\n");
        }
    }
    for file in machine.files.iter().filter(|file| !file.path.value.ends_with("format-volume")) {
        let contents = file.contents.bytes();
        let contents = String::from_utf8_lossy(&contents);
        let _ = write!(shown, "### {} {:04o}\n{contents}\n", file.path.value, file.mode.value);
    }
    shown
}

fn unit<'a>(machine: &'a Machine, name: &str) -> &'a Unit {
    machine.units.iter().find(|unit| unit.name.value == name).expect(name)
}

fn raw(name: &str, contents: Option<&[&str]>, dropins: &[(&str, &[&str])]) -> UnitSpec {
    UnitSpec {
        name: at(name.to_owned()),
        contents: contents.map(|contents| at(PerNode::Same(text(contents)))),
        enabled: None,
        mask: false,
        remove: false,
        dropins: dropins
            .iter()
            .map(|(name, contents)| DropinSpec {
                name: at((*name).to_owned()),
                contents: at(PerNode::Same(text(contents))),
            })
            .collect(),
        placement: Placement::default(),
        secret: false,
    }
}

fn codes(role: &Role) -> Vec<&'static str> {
    let mut diags = Diagnostics::new();
    build(role, &parts(), 0, &mut diags);
    diags.sorted().iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn machines_as_an_operator_reads_them() {
    for (os, golden) in [
        (Os::Flatcar, include_str!("golden/flatcar.txt")),
        (Os::FedoraCoreos, include_str!("golden/fedora-coreos.txt")),
    ] {
        assert_eq!(shown(&built(&role(os))), golden, "{os}");
    }
}

#[test]
fn a_profile_overrides_what_is_generated() {
    let mut role = role(Os::Flatcar);
    let exec: &[&str] =
        &["[Service]\nExecStart=/opt/a \\\n  --ip=", "host.private_ipv4", " 100%\n"];
    role.units = vec![
        raw("a.service", Some(exec), &[]),
        raw("docker.service", None, &[("10-log.conf", &["[Service]\n"])]),
        raw("kafka.service", None, &[("20-more.conf", exec)]),
        UnitSpec { mask: true, ..raw("kafka-topics.service", None, &[]) },
        UnitSpec { remove: true, ..raw("kafka-caught-up.service", None, &[]) },
    ];
    let machine = built(&role);
    let own = unit(&machine, "a.service");
    assert_eq!(
        own.contents.as_deref(),
        Some("[Service]\nExecStart=/opt/a \\\n  --ip=${COREOS_EC2_IPV4_LOCAL} 100%\n")
    );
    assert_eq!(
        own.dropins.get("10-cfgbuild-host.conf").map(String::as_str),
        Some(
            "[Unit]\nWants=coreos-metadata.service\nAfter=coreos-metadata.service\n\n\
             [Service]\nEnvironmentFile=/run/metadata/flatcar\n"
        )
    );
    assert_eq!(unit(&machine, "docker.service").command, Some(Command::Restart));
    let kafka = unit(&machine, "kafka.service");
    assert_eq!((kafka.dropins.len(), kafka.enabled), (2, Some(true)));
    let topics = unit(&machine, "kafka-topics.service");
    assert_eq!((topics.mask, topics.contents.as_deref()), (true, None));
    assert!(machine.units.iter().all(|unit| unit.name.value != "kafka-caught-up.service"));
    let first = machine.units.first().map(|unit| unit.name.value.as_str());
    assert_eq!(first, Some("docker.service"));
}

#[test]
fn what_cannot_work_is_refused() {
    let mut qemu = role(Os::Flatcar);
    qemu.target.platform = at(Platform::Qemu);
    assert_eq!(codes(&qemu), ["host-fact-unknown"]);
    let mut misplaced = role(Os::Flatcar);
    misplaced.units = vec![
        raw("a.mount", Some(&["[Mount]\nWhat=", "host.zone"]), &[]),
        raw("a.service", Some(&["[Service]\nEnvironment=A=", "host.zone"]), &[]),
    ];
    assert_eq!(codes(&misplaced), ["host-fact-misplaced"; 2]);
    let mut crowded = role(Os::Flatcar);
    crowded.updates = Some(Updates {
        strategy: at(Reboots::Windows(Window { start_minute: 0, length_minutes: 1441 })),
    });
    assert_eq!(codes(&crowded), ["update-windows-do-not-fit"]);
    let mut locked = role(Os::FedoraCoreos);
    let lock = Reboots::Lock { url: None, group: "kafka".to_owned() };
    locked.updates = Some(Updates { strategy: at(lock) });
    assert_eq!(codes(&locked), ["update-lock-unsupported"]);
    let mut linked = role(Os::FedoraCoreos);
    linked.volumes = vec![volume("a", "/mnt/a", FilesystemType::Ext4)];
    assert_eq!(codes(&linked), ["mount-behind-link"]);
}

#[test]
fn facts_of_custom_platforms_come_from_a_file() {
    let mut custom = role(Os::ContainerLinux);
    custom.target.platform = at(Platform::Custom);
    let machine = built(&custom);
    let contents = unit(&machine, "kafka.service").contents.as_deref().expect("is generated");
    assert!(contents.contains("\nWants=network-online.target docker.service "));
    assert!(contents.contains("\nEnvironmentFile=/etc/cfgbuild/host.env\n"));
    assert!(contents.contains("PLAINTEXT://${CFGBUILD_PRIVATE_IPV4}:9092"));
}

#[test]
fn several_disks_become_an_array_and_ext4_is_checked() {
    let mut role = role(Os::Flatcar);
    let devices = ["/dev/xvdb", "/dev/xvdc"].map(|device| at(device.to_owned())).to_vec();
    let store = |disks| VolumeSource::InstanceStore(InstanceStore { at: Sources::NOWHERE, disks });
    let scratch = volume("scratch", "/var/lib/scratch-1", FilesystemType::Ext4);
    let fast = volume("fast", "/var/lib/fast", FilesystemType::Xfs);
    role.volumes = vec![
        Volume { source: store(Disks::Named(devices)), ..scratch },
        Volume { source: store(Disks::All("Some Model")), ..fast },
    ];
    role.storage.filesystems = vec![StorageFilesystem {
        device: at("/dev/disk/by-partlabel/var".to_owned()),
        format: at("ext4".to_owned()),
        label: None,
        path: Some(at("/var/log".to_owned())),
        wipe_filesystem: false,
        options: Vec::new(),
        mount_options: vec!["noexec".to_owned(), "nodev".to_owned()],
    }];
    let machine = built(&role);
    let text = |name: &str| unit(&machine, name).contents.as_deref().expect("is made").to_owned();
    let found = text("cfgbuild-find-scratch.service");
    assert!(found.contains("\nBindsTo=dev-xvdb.device dev-xvdc.device\n"));
    assert!(found.contains("/instance-store scratch scratch /dev/xvdb /dev/xvdc\n"));
    let found = text("cfgbuild-find-fast.service");
    assert!(!found.contains("BindsTo") && found.contains("fast fast --model \"Some Model\"\n"));
    let formatted = text("cfgbuild-format-fast.service");
    assert!(formatted.contains("\nRequires=cfgbuild-find-fast.service\n"));
    assert!(formatted.contains("/format-volume /run/cfgbuild/volumes/fast xfs fast\n"));
    let made: Vec<_> = machine.filesystems.iter().map(|made| made.device.value.as_str()).collect();
    assert_eq!((machine.raid.len(), made), (0, vec!["/dev/disk/by-partlabel/var"]));
    let mount = unit(&machine, "var-lib-scratch\\x2d1.mount").contents.as_deref().expect("is made");
    let check = "systemd-fsck@dev-disk-by\\x2dlabel-scratch.service";
    assert!(mount.contains(&format!("\nRequires=cfgbuild-format-scratch.service {check}\n")));
    assert_eq!(
        unit(&machine, "var-log.mount").contents.as_deref(),
        Some(include_str!("golden/var-log.mount"))
    );
}

#[test]
fn fleet_is_told_where_to_put_a_unit_where_there_is_fleet() {
    for (os, expected) in [
        (Os::Flatcar, None),
        (
            Os::ContainerLinux,
            Some("[X-Fleet]\nConflicts=kafka*\nMachineMetadata=\"role=broker\"\n".to_owned()),
        ),
    ] {
        let mut role = role(os);
        let placement = Placement {
            conflicts: vec!["kafka*".to_owned()],
            metadata: vec![("role".to_owned(), "broker".to_owned())],
            ..Placement::default()
        };
        role.units = vec![UnitSpec { placement, ..raw("kafka.service", None, &[]) }];
        let machine = built(&role);
        let fleet = unit(&machine, "kafka.service").fleet.as_ref();
        assert_eq!(fleet.map(ToString::to_string), expected);
    }
}

#[test]
fn a_file_of_the_profile_takes_the_place_of_a_generated_one() {
    let mut role = role(Os::Flatcar);
    let file = |path: &str, remove| FileSpec {
        path: at(path.to_owned()),
        mode: at(0o644),
        user: None,
        group: None,
        contents: PerNode::Same(b"own".to_vec()),
        secret: false,
        remove,
    };
    role.files = vec![
        file("/etc/flatcar/update.conf", false),
        file("/etc/sysctl.d/90-cfgbuild.conf", true),
        file("/etc/hostname", false),
    ];
    let machine = built(&role);
    let paths: Vec<&str> = machine.files.iter().map(|file| file.path.value.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/etc/cfgbuild/format-volume",
            "/etc/cfgbuild/kafka.env",
            "/etc/flatcar/update.conf",
            "/etc/hostname"
        ]
    );
    assert!(machine.files.iter().skip(2).all(|file| file.contents.bytes().as_ref() == b"own"));
    assert_eq!(machine.hostname, None);
    role.files = vec![file("/usr/share/a", false)];
    assert_eq!(codes(&role), ["path-not-writable"]);
}
