//! CoreOS Container Linux as it was when it ended in 2020: docker 18.09 or 19.03, locksmithd, fleet until 2018.
//!
//! Its systemd is 241: no `Restart=` in oneshot services, no XFS in `systemd-growfs`.

use super::{
    EbsLinks, FactSource, FirstBoot, Paths, RegistrySettings, Runtime, System, UpdateAgent,
    UpdateLanguage, Variables,
};

/// The table.
pub(super) static SYSTEM: System = System {
    runtime: Runtime {
        client: "/usr/bin/docker",
        daemon: Some("docker.service"),
        labels: false,
        registry: RegistrySettings::Docker,
    },
    ec2_facts: FactSource {
        agent: Some("coreos-metadata.service"),
        file: "/run/metadata/coreos",
        variables: Variables {
            private_ipv4: "COREOS_EC2_IPV4_LOCAL",
            public_ipv4: "COREOS_EC2_IPV4_PUBLIC",
            hostname: "COREOS_EC2_HOSTNAME",
            zone: "COREOS_EC2_AVAILABILITY_ZONE",
            region: "COREOS_EC2_REGION",
            instance_id: "COREOS_EC2_INSTANCE_ID",
        },
    },
    paths: Paths::AllButUsr,
    ebs_links: EbsLinks::System,
    updates: UpdateAgent {
        unit: "locksmithd.service",
        config: "/etc/coreos/update.conf",
        language: UpdateLanguage::Locksmith { can_lock: true },
    },
    first_boot: FirstBoot {
        flag: "/boot/coreos/first_boot",
        remount: None,
        quiet: &["locksmithd.service", "update-engine.service"],
    },
    oneshot_restarts: false,
    has_fleet: true,
    configured_running: true,
};
