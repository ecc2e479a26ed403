//! Flatcar Container Linux: docker, locksmithd, `/usr` read-only, udev links for EBS volumes.
//!
//! Its systemd is 252 or later in every supported channel.

use super::{
    EbsLinks, FactSource, FirstBoot, Paths, RegistrySettings, Runtime, System, UpdateAgent,
    UpdateLanguage, Variables,
};

/// The table.
pub(super) static SYSTEM: System = System {
    runtime: Runtime {
        client: "/usr/bin/docker",
        daemon: Some("docker.service"),
        // SELinux is there and permissive.
        labels: false,
        registry: RegistrySettings::Docker,
    },
    ec2_facts: FactSource {
        agent: Some("coreos-metadata.service"),
        file: "/run/metadata/flatcar",
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
        config: "/etc/flatcar/update.conf",
        // Its locksmithd still speaks etcd's v2 API only, which no supported etcd serves.
        language: UpdateLanguage::Locksmith { can_lock: false },
    },
    first_boot: FirstBoot {
        flag: "/boot/flatcar/first_boot",
        remount: None,
        quiet: &["locksmithd.service", "update-engine.service"],
    },
    oneshot_restarts: true,
    has_fleet: false,
    configured_running: true,
};
