//! Flatcar Container Linux: docker, locksmithd, `/usr` read-only, udev links for EBS volumes.
//!
//! Its systemd is 252 or later in every supported channel.

use super::system::{
    EbsLinks, FactSource, FirstBoot, Images, Paths, RegistrySettings, ReleaseList, Runtime, System,
    UpdateAgent, Variables,
};
use super::updates::UpdateLanguage;
use crate::model::Format;

pub(super) static SYSTEM: System = System {
    formats: &[Format::Ignition, Format::CloudConfig, Format::Units, Format::Packer],
    reads_no_other: "it is not read there",
    runtime: Runtime {
        client: "/usr/bin/docker",
        has_both: false,
        daemon: Some("docker.service"),
        // SELinux is there and permissive.
        labels: false,
        mounts_in_read_only: false,
        registry: RegistrySettings::Docker,
    },
    metadata: FactSource {
        agent: Some("coreos-metadata.service"),
        file: "/run/metadata/flatcar",
        // Its agent leaves a link by the name that Container Linux had.
        links: &["/run/metadata/coreos"],
        prefix: "COREOS_",
        variables: Variables::COREOS_METADATA,
    },
    core_id: 500,
    paths: Paths::AllButUsr,
    ebs_links: EbsLinks::System,
    updates: UpdateAgent {
        still_come: true,
        unit: "locksmithd.service",
        config: "/etc/flatcar/update.conf",
        // Its locksmithd still speaks etcd's v2 API only, which no supported etcd serves.
        language: UpdateLanguage::Locksmith { can_lock: false },
    },
    images: Images {
        asks_with_token: true,
        gib: 8,
        names: "Flatcar-stable-*-hvm",
        owner: "075585003325",
        list: Some(ReleaseList {
            url: "https://CHANNEL.release.flatcar-linux.net/ARCH-usr/current/flatcar_production_ami_all.json",
            architectures: ["amd64", "arm64"],
        }),
    },
    first_boot: FirstBoot {
        flag: "/boot/flatcar/first_boot",
        remount: None,
        quiet: &["locksmithd.service", "update-engine.service"],
    },
    oneshot_restarts: true,
    units: include_str!("units/flatcar.txt"),
    has_fleet: false,
    configured_running: true,
};
