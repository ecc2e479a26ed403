//! CoreOS Container Linux as it was when it ended in 2020: docker 18.09 or 19.03, locksmithd, fleet until 2018.
//!
//! Its systemd is 241: no `Restart=` in oneshot services, no XFS in `systemd-growfs`.

use super::system::{
    EbsLinks, FactSource, FirstBoot, Images, Paths, RegistrySettings, Runtime, System, UpdateAgent,
    Variables,
};
use super::updates::UpdateLanguage;
use crate::model::Format;

pub(super) static SYSTEM: System = System {
    formats: &[Format::CloudConfig, Format::Units],
    reads_no_other: "Container Linux reads Ignition 2 only, which is not written here",
    runtime: Runtime {
        client: "/usr/bin/docker",
        has_both: false,
        daemon: Some("docker.service"),
        labels: false,
        mounts_in_read_only: false,
        registry: RegistrySettings::Docker,
    },
    metadata: FactSource {
        agent: Some("coreos-metadata.service"),
        file: "/run/metadata/coreos",
        links: &[],
        prefix: "COREOS_",
        variables: Variables::COREOS_METADATA,
    },
    core_id: 500,
    paths: Paths::AllButUsr,
    ebs_links: EbsLinks::System,
    updates: UpdateAgent {
        // None since 2020.
        still_come: false,
        unit: "locksmithd.service",
        config: "/etc/coreos/update.conf",
        language: UpdateLanguage::Locksmith { can_lock: true },
    },
    images: Images {
        // It ended before its agents learnt to: without this it would never read its user data.
        asks_with_token: false,
        gib: 8,
        // Its own images are gone; these are its successor's.
        names: "Flatcar-stable-*-hvm",
        owner: "075585003325",
        list: None,
    },
    first_boot: FirstBoot {
        flag: "/boot/coreos/first_boot",
        remount: None,
        quiet: &["locksmithd.service", "update-engine.service"],
    },
    oneshot_restarts: false,
    units: include_str!("units/container-linux.txt"),
    has_fleet: true,
    configured_running: true,
};
