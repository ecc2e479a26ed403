//! What differs between operating systems: the one place that knows.
//!
//! A table per system, in a file of its own; nothing here decides what a machine gets.

mod container_linux;
mod fedora_coreos;
mod flatcar;

use crate::model::{HostFact, Os, Platform, is_below};

/// An operating system.
#[derive(Debug)]
pub struct System {
    /// What runs containers.
    pub runtime: Runtime,
    /// Who says on EC2 what is known only at boot.
    pub ec2_facts: FactSource,
    /// Where the system itself may be written.
    pub paths: Paths,
    /// What makes the links to EBS volumes by the names they were attached under.
    pub ebs_links: EbsLinks,
    /// Who reboots after an update.
    pub updates: UpdateAgent,
    /// How a disk that has booted is made to boot for the first time again.
    pub first_boot: FirstBoot,
    /// Whether `Restart=` may stand in a oneshot service, as since systemd 244.
    pub oneshot_restarts: bool,
    /// Whether fleet may place units.
    pub has_fleet: bool,
    /// Whether a cloud-config changes it while it runs, so that daemons must be told.
    pub configured_running: bool,
}

/// What runs containers.
#[derive(Debug)]
pub struct Runtime {
    /// The client, absolute; docker's and podman's take the same words here.
    pub client: &'static str,
    /// The daemon's unit, if there is a daemon.
    pub daemon: Option<&'static str>,
    /// Whether `SELinux` keeps containers from files that are not labelled for them.
    pub labels: bool,
    /// How it is told of a private registry.
    pub registry: RegistrySettings,
}

/// How a runtime is told of a private registry.
#[derive(Clone, Copy, Debug)]
pub enum RegistrySettings {
    /// docker's files.
    Docker,
    /// podman's files.
    Podman,
}

impl RegistrySettings {
    /// Returns the folder with a folder per registry, which holds certificates.
    pub fn certificates(self) -> &'static str {
        match self {
            Self::Docker => "/etc/docker/certs.d",
            Self::Podman => "/etc/containers/certs.d",
        }
    }

    /// Returns the assignment that leads the client to the file `config.json` of passwords in `folder`.
    pub fn passwords_in(self, folder: &str) -> String {
        match self {
            Self::Docker => format!("DOCKER_CONFIG={folder}"),
            Self::Podman => format!("REGISTRY_AUTH_FILE={folder}/config.json"),
        }
    }
}

/// Where host facts come from.
#[derive(Debug)]
pub struct FactSource {
    /// Unit that writes the file, if any does.
    pub agent: Option<&'static str>,
    /// Environment file.
    pub file: &'static str,
    /// Variable of each fact.
    pub variables: Variables,
}

/// The variable of each fact.
#[derive(Debug)]
pub struct Variables {
    private_ipv4: &'static str,
    public_ipv4: &'static str,
    hostname: &'static str,
    zone: &'static str,
    region: &'static str,
    instance_id: &'static str,
}

impl FactSource {
    /// Returns the variable that holds a fact.
    pub fn variable(&self, fact: HostFact) -> &'static str {
        let Variables { private_ipv4, public_ipv4, hostname, zone, region, instance_id } =
            self.variables;
        match fact {
            HostFact::PrivateIpv4 => private_ipv4,
            HostFact::PublicIpv4 => public_ipv4,
            HostFact::Hostname => hostname,
            HostFact::Zone => zone,
            HostFact::Region => region,
            HostFact::InstanceId => instance_id,
        }
    }
}

/// Where the system itself may be written.
#[derive(Debug)]
pub enum Paths {
    /// Anywhere but below `/usr`.
    AllButUsr,
    /// Only below these, links followed.
    Only {
        /// Directories.
        directories: &'static [&'static str],
        /// Links to directories, each with where it leads.
        links: &'static [(&'static str, &'static str)],
    },
}

/// What makes the links to EBS volumes by the names they were attached under.
#[derive(Debug)]
pub enum EbsLinks {
    /// The system's own udev rules.
    System,
    /// Nothing, unless these files are there: path, mode, contents.
    Files(&'static [(&'static str, u32, &'static str)]),
}

/// Who reboots after an update.
#[derive(Debug)]
pub struct UpdateAgent {
    /// Its unit.
    pub unit: &'static str,
    /// File that holds what we tell it.
    pub config: &'static str,
    /// What it understands.
    pub language: UpdateLanguage,
}

/// How a disk that has booted is made to boot for the first time again.
#[derive(Debug)]
pub struct FirstBoot {
    /// File that makes the boot loader ask Ignition to run.
    pub flag: &'static str,
    /// What must be made writable for it.
    pub remount: Option<&'static str>,
    /// Units that would change or restart the system while an image is made of it.
    pub quiet: &'static [&'static str],
}

/// What an update agent understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateLanguage {
    /// locksmithd's variables.
    Locksmith {
        /// Whether there is an etcd that speaks the v2 API its lock needs.
        can_lock: bool,
    },
    /// Zincati's TOML.
    Zincati,
}

/// Directories that are memory and empty at every boot: nothing written at provisioning is there later.
const MEMORY: [&str; 5] = ["/dev", "/proc", "/run", "/sys", "/tmp"];

/// Facts written by whoever provisions the machine.
static CUSTOM: FactSource = FactSource {
    agent: None,
    file: "/etc/cfgbuild/host.env",
    variables: Variables {
        private_ipv4: "CFGBUILD_PRIVATE_IPV4",
        public_ipv4: "CFGBUILD_PUBLIC_IPV4",
        hostname: "CFGBUILD_HOSTNAME",
        zone: "CFGBUILD_ZONE",
        region: "CFGBUILD_REGION",
        instance_id: "CFGBUILD_INSTANCE_ID",
    },
};

impl System {
    /// Returns the table of an operating system.
    pub fn of(os: Os) -> &'static Self {
        match os {
            Os::Flatcar => &flatcar::SYSTEM,
            Os::FedoraCoreos => &fedora_coreos::SYSTEM,
            Os::ContainerLinux => &container_linux::SYSTEM,
        }
    }

    /// Returns who says on a platform what is known only at boot.
    pub fn facts(&self, platform: Platform) -> Option<&FactSource> {
        match platform {
            Platform::Aws => Some(&self.ec2_facts),
            Platform::Custom => Some(&CUSTOM),
            Platform::Qemu => None,
        }
    }

    /// Returns why a file written to `path` at provisioning would not be there, if it would not.
    pub fn unwritable(&self, path: &str) -> Option<&'static str> {
        if MEMORY.iter().any(|directory| is_below(path, directory)) {
            return Some("is in memory and empty at every boot");
        }
        self.read_only(path)
    }

    /// Returns why nothing can be made at `path`, if nothing can.
    pub fn read_only(&self, path: &str) -> Option<&'static str> {
        let writable = match &self.paths {
            Paths::AllButUsr => !is_below(path, "/usr"),
            Paths::Only { directories, links } => {
                let links = links.iter().map(|(link, _)| link);
                let mut writable = directories.iter().chain(&MEMORY).chain(links);
                writable.any(|directory| is_below(path, directory))
            }
        };
        (!writable).then_some("is read-only")
    }

    /// Returns where a path leads whose beginning is a link of the system's.
    pub fn behind_link(&self, path: &str) -> Option<String> {
        let Paths::Only { directories: _, links } = &self.paths else { return None };
        links
            .iter()
            .find_map(|(link, target)| is_below(path, link).then(|| path.replacen(link, target, 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_each_system_can_be_written() {
        for (path, flatcar, fedora) in [
            ("/etc/a", true, true),
            ("/usr/lib/a", false, false),
            ("/usr/local/bin/a", false, true),
            ("/usrdata/a", true, false),
            ("/opt/bin/a", true, true),
            ("/data/a", true, false),
            ("/run/a", false, false),
            ("/tmp", false, false),
        ] {
            assert_eq!(System::of(Os::Flatcar).unwritable(path).is_none(), flatcar, "{path}");
            assert_eq!(
                System::of(Os::ContainerLinux).unwritable(path).is_none(),
                flatcar,
                "{path}"
            );
            assert_eq!(System::of(Os::FedoraCoreos).unwritable(path).is_none(), fedora, "{path}");
        }
        let behind = System::of(Os::FedoraCoreos).behind_link("/mnt/data");
        assert_eq!(behind.as_deref(), Some("/var/mnt/data"));
        assert_eq!(System::of(Os::Flatcar).behind_link("/mnt/data"), None);
    }
}
