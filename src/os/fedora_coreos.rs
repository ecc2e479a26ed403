//! Fedora CoreOS: podman, Zincati, `SELinux` enforcing, `/` and `/usr` read-only, no udev links for EBS volumes.

use super::system::{
    EbsLinks, FactSource, FirstBoot, Images, Paths, RegistrySettings, ReleaseList, Runtime, System,
    UpdateAgent, Variables,
};
use super::updates::UpdateLanguage;
use crate::model::Format;

/// Asks the helper for a second name of every `NVMe` disk that says it is an EBS volume.
const EBS_RULE: &str = r#"# Names EBS volumes as they were attached (/dev/xvdf). Written by cfgbuild.
SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", KERNEL=="nvme[0-9]*n[0-9]*", ATTRS{model}=="Amazon Elastic Block Store*", PROGRAM="/usr/local/bin/cfgbuild-ebs-name /dev/%k", SYMLINK+="%c"
"#;

pub(super) static SYSTEM: System = System {
    formats: &[Format::Ignition, Format::Units, Format::Packer],
    reads_no_other: "Fedora CoreOS refuses cloud-config, and does not boot with it",
    runtime: Runtime {
        client: "/usr/bin/podman",
        has_both: true,
        daemon: None,
        labels: true,
        mounts_in_read_only: true,
        registry: RegistrySettings::Podman,
    },
    metadata: FactSource {
        agent: Some("afterburn.service"),
        file: "/run/metadata/afterburn",
        links: &[],
        prefix: "AFTERBURN_",
        variables: Variables {
            private_ipv4: "AFTERBURN_AWS_IPV4_LOCAL",
            public_ipv4: "AFTERBURN_AWS_IPV4_PUBLIC",
            hostname: "AFTERBURN_AWS_HOSTNAME",
            zone: "AFTERBURN_AWS_AVAILABILITY_ZONE",
            region: "AFTERBURN_AWS_REGION",
            instance_id: "AFTERBURN_AWS_INSTANCE_ID",
        },
    },
    core_id: 1000,
    paths: Paths::Only {
        directories: &["/boot", "/etc", "/var"],
        links: &[
            ("/home", "/var/home"),
            ("/mnt", "/var/mnt"),
            ("/opt", "/var/opt"),
            ("/root", "/var/roothome"),
            ("/srv", "/var/srv"),
            ("/usr/local", "/var/usrlocal"),
        ],
    },
    ebs_links: EbsLinks::Files(&[
        ("/etc/udev/rules.d/90-cfgbuild-ebs.rules", 0o644, EBS_RULE),
        ("/usr/local/bin/cfgbuild-ebs-name", 0o755, include_str!("ebs-name.sh")),
    ]),
    updates: UpdateAgent {
        still_come: true,
        unit: "zincati.service",
        config: "/etc/zincati/config.d/55-cfgbuild.toml",
        language: UpdateLanguage::Zincati,
    },
    images: Images {
        asks_with_token: true,
        gib: 10,
        names: "fedora-coreos-*",
        owner: "125523088429",
        list: Some(ReleaseList {
            url: "https://builds.coreos.fedoraproject.org/streams/CHANNEL.json",
            architectures: ["x86_64", "aarch64"],
        }),
    },
    first_boot: FirstBoot {
        flag: "/boot/ignition.firstboot",
        remount: Some("/boot"),
        quiet: &["zincati.service"],
    },
    oneshot_restarts: true,
    units: include_str!("units/fedora-coreos.txt"),
    has_fleet: false,
    configured_running: false,
};
