//! The shape of the tables: every question that a system answers differently from another.

use super::updates::UpdateLanguage;
use crate::model::{Format, HostFact, is_below};

/// An operating system.
#[derive(Debug)]
pub struct System {
    /// The formats written for it, in their order.
    pub formats: &'static [Format],
    /// Why it reads no other format.
    pub reads_no_other: &'static str,
    /// What runs containers.
    pub runtime: Runtime,
    /// The metadata agent, and what it writes on EC2.
    pub metadata: FactSource,
    /// Number of the user `core` and of its group.
    pub core_id: u32,
    /// Where the system itself may be written.
    pub paths: Paths,
    /// What makes the links to EBS volumes by the names they were attached under.
    pub ebs_links: EbsLinks,
    /// Who reboots after an update.
    pub updates: UpdateAgent,
    /// The images that EC2 starts it from.
    pub images: Images,
    /// How a disk that has booted is made to boot for the first time again.
    pub first_boot: FirstBoot,
    /// Whether `Restart=` may stand in a oneshot service, as since systemd 244.
    pub oneshot_restarts: bool,
    /// Names of the units that its image brings, as far as profiles refer to them: a word each, comments behind `#`.
    pub units: &'static str,
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
    /// Whether the other runtime's client is there as well.
    pub has_both: bool,
    /// The daemon's unit, if there is a daemon.
    pub daemon: Option<&'static str>,
    /// Whether `SELinux` keeps containers from files that are not labelled for them.
    pub labels: bool,
    /// Whether a mount point is made inside a bind that is read only: crun takes the right to write away once all is
    /// mounted, runc at each mount.
    pub mounts_in_read_only: bool,
    /// How it is told of a private registry.
    pub registry: RegistrySettings,
}

/// A directory in which an engine of containers keeps images and containers.
#[derive(Debug)]
pub struct EngineDirectory {
    /// The directory.
    pub path: &'static str,
    /// The engine's client, `docker` or `podman`.
    pub client: &'static str,
    /// The daemon that uses it; each client by itself where there is none.
    pub daemon: Option<&'static str>,
}

/// The directories of all engines, the same on every system.
pub const ENGINES: [EngineDirectory; 3] = [
    EngineDirectory { path: "/var/lib/docker", client: "docker", daemon: Some("docker.service") },
    EngineDirectory {
        path: "/var/lib/containerd",
        client: "docker",
        daemon: Some("containerd.service"),
    },
    EngineDirectory { path: "/var/lib/containers", client: "podman", daemon: None },
];

/// How a runtime is told of a private registry.
#[derive(Clone, Copy, Debug)]
pub enum RegistrySettings {
    /// docker's files.
    Docker,
    /// podman's files.
    Podman,
}

impl Runtime {
    /// Returns the name of the client: `docker` or `podman`.
    pub fn name(&self) -> &'static str {
        self.client.rsplit('/').next().unwrap_or(self.client)
    }
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
    pub file: &'static str,
    /// Other paths that lead to the file.
    pub links: &'static [&'static str],
    /// What the names of all its variables begin with.
    pub prefix: &'static str,
    /// Variable of each fact.
    pub variables: Variables,
}

/// The variable of each fact.
#[derive(Debug)]
pub struct Variables {
    /// `host.private_ipv4`.
    pub private_ipv4: &'static str,
    /// `host.public_ipv4`.
    pub public_ipv4: &'static str,
    /// `host.hostname`.
    pub hostname: &'static str,
    /// `host.zone`.
    pub zone: &'static str,
    /// `host.region`.
    pub region: &'static str,
    /// `host.instance_id`.
    pub instance_id: &'static str,
}

impl Variables {
    /// As coreos-metadata names them on EC2, whatever system it runs on.
    pub(super) const COREOS_METADATA: Self = Self {
        private_ipv4: "COREOS_EC2_IPV4_LOCAL",
        public_ipv4: "COREOS_EC2_IPV4_PUBLIC",
        hostname: "COREOS_EC2_HOSTNAME",
        zone: "COREOS_EC2_AVAILABILITY_ZONE",
        region: "COREOS_EC2_REGION",
        instance_id: "COREOS_EC2_INSTANCE_ID",
    };
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

/// The images that EC2 starts a system from.
#[derive(Debug)]
pub struct Images {
    /// Whether what is in them asks EC2's metadata service with a token, as it must where nothing else is answered.
    pub asks_with_token: bool,
    /// Size of the disk that an image is made for, in GiB.
    pub gib: u64,
    /// Pattern of their names.
    pub names: &'static str,
    /// Account that publishes them.
    pub owner: &'static str,
    /// Where their ids by region are listed; `None` where nobody publishes any more.
    pub list: Option<ReleaseList>,
}

/// A list of released images.
#[derive(Debug)]
pub struct ReleaseList {
    /// Its URL, with `CHANNEL` and `ARCH` to be filled in.
    pub url: &'static str,
    /// What stands for `ARCH` on x86-64 and on 64-bit ARM.
    pub architectures: [&'static str; 2],
}

impl ReleaseList {
    /// Returns the list of a channel for an architecture: `x86_64` or `aarch64`.
    pub fn of(&self, channel: &str, arch: &str) -> String {
        let Self { url, architectures: [x86, arm] } = self;
        let arch = if arch == "aarch64" { arm } else { x86 };
        url.replace("CHANNEL", channel).replace("ARCH", arch)
    }
}

/// Who reboots after an update.
#[derive(Debug)]
pub struct UpdateAgent {
    pub unit: &'static str,
    /// File that holds what we tell it.
    pub config: &'static str,
    /// Whether updates still come, and with them reboots.
    pub still_come: bool,
    /// What it understands.
    pub language: UpdateLanguage,
}

impl UpdateAgent {
    /// Returns whether a file of one's own tells the agent when to reboot, in the place of ours or over it.
    pub fn is_told_by(&self, path: &str, text: &str) -> bool {
        match self.language {
            UpdateLanguage::Locksmith { can_lock: _ } => path == self.config,
            UpdateLanguage::Zincati => {
                let folder =
                    |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
                let is_read = folder(path) == folder(self.config) && path >= self.config;
                is_read && text.lines().any(|line| line.trim_start().starts_with("[updates"))
            }
        }
    }
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

/// Directories that are memory and empty at every boot: nothing written at provisioning is there later.
const MEMORY: [&str; 5] = ["/dev", "/proc", "/run", "/sys", "/tmp"];

/// Units that every system has, apart from those that its table names: remote logins, messages, containers.
const EVERYWHERE: [&str; 3] = ["sshd.service", "dbus.service", "containerd.service"];

impl System {
    /// Returns whether the system brings the unit: one of the same name in /etc would take its place.
    pub fn has_unit(&self, name: &str) -> bool {
        let named = [self.runtime.daemon, self.metadata.agent, Some(self.updates.unit)];
        named.contains(&Some(name))
            || self.first_boot.quiet.contains(&name)
            || EVERYWHERE.contains(&name)
            || name.starts_with("systemd-")
    }

    /// Returns the names of the units that its image brings.
    pub fn brought(&self) -> impl Iterator<Item = &'static str> {
        let lines = self.units.lines().map(|line| line.split('#').next().unwrap_or(line));
        lines.flat_map(str::split_whitespace)
    }

    /// Returns whether its own rules link a disk by the name it was attached under, as `/dev/xvdf`.
    pub fn links_at_attach(&self) -> bool {
        matches!(self.ebs_links, EbsLinks::System)
    }

    /// Returns whether its metadata agent writes the file at `path`.
    pub fn writes_metadata_to(&self, path: &str) -> bool {
        let FactSource { agent: _, file, links, prefix: _, variables: _ } = &self.metadata;
        *file == path || links.contains(&path)
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
