//! Containers: what a profile declares and what a service expands into.

use std::fmt;

use super::audience::Audiences;
use super::membership::Deciding;
use super::secret_file::{SecretFile, numeric_user};
use super::text::{PerNode, Text};
use crate::source::{Span, Spanned};

/// A container of a node; becomes the unit `<name>.service`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Name of the container and of its unit.
    pub name: Spanned<String>,
    /// One line for people.
    pub description: String,
    /// Manual for the one who is called at night.
    pub documentation: Option<String>,
    /// What runs.
    pub image: Spanned<Image>,
    /// Whether it runs for good or once.
    pub run: Run,
    pub network: Network,
    /// What it listens on, by name.
    pub ports: Vec<Port>,
    /// `uid[:gid]` it runs as; the image's own where `None`.
    pub user: Option<String>,
    /// Replaces the image's entry point.
    pub entrypoint: Option<String>,
    /// Words after the image.
    pub args: Vec<PerNode<Text>>,
    pub env: Vec<Variable>,
    /// Secrets it reads as files, by name.
    pub secrets: Vec<SecretFile>,
    /// Host paths inside the container.
    pub binds: Vec<Bind>,
    /// Paths inside the container that are memory.
    pub tmpfs: Vec<String>,
    /// `nofile=65536:65536` and the like.
    pub ulimits: Vec<String>,
    /// Most memory, in MiB.
    pub memory_mib: Option<u64>,
    /// Labels, for whoever looks at the containers of a host.
    pub labels: Vec<(String, String)>,
    /// What it may do besides, or may not.
    pub confinement: Confinement,
    /// Seconds from SIGTERM to SIGKILL.
    pub stop_timeout: u32,
    /// Port that must accept before dependants start.
    pub ready_port: Option<u16>,
    /// What must succeed in it before dependants start, and at intervals from then on.
    pub health: Option<Health>,
    /// The host it must accept on; the loopback address where `None`.
    pub ready_host: Option<String>,
    /// Units started before, if they exist.
    pub after: Vec<Spanned<String>>,
    /// Units that must run.
    pub requires: Vec<Spanned<String>>,
    /// Units that should run.
    pub wants: Vec<Spanned<String>>,
    /// Refuses to start where this file on the host holds anything else: a swapped volume.
    pub identity: Option<IdentityFile>,
    /// What it asks the other members first, where it is one of a cluster.
    pub deciding: Option<Deciding>,
    /// What must allow each start, besides.
    pub guard: Option<Guard>,
    /// Where fleet may put it.
    pub placement: Placement,
}

/// A script of the host that ends well once the container may start.
///
/// It runs in the environment of the container's unit, and is told the engine's client, the container and `words`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Where it lies on the machine, absolute.
    pub path: &'static str,
    /// Its text, for bash.
    pub script: &'static str,
    /// Its further arguments.
    pub words: Vec<String>,
}

impl Container {
    /// Returns the path of one of its secrets on the host.
    pub fn secret_path(&self, secret: &SecretFile) -> String {
        format!("{}/{}", SecretFile::directory(&self.name.value), secret.name.value)
    }

    /// Returns who owns the file of one of its secrets, and what its owner and others may do with it.
    pub fn secret_ownership(&self, secret: &SecretFile) -> Ownership {
        let runs_as = || self.user.as_deref().and_then(numeric_user);
        let (uid, gid) = secret.user.or_else(runs_as).unwrap_or_default();
        Ownership { uid, gid, mode: secret.mode }
    }
}

/// What a container may do beyond what the runtime grants by itself, and what it may not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confinement {
    /// Capabilities it is given, without `CAP_`.
    pub cap_add: Vec<String>,
    /// Capabilities taken from it, without `CAP_`.
    pub cap_drop: Vec<String>,
    /// Size of `/dev/shm`, in MiB.
    pub shm_mib: Option<u64>,
    /// Whether nothing may be written outside of mounts.
    pub read_only: bool,
    /// Devices of the host that it may use, as `--device` takes them.
    pub devices: Vec<String>,
    /// Options of `--security-opt`.
    pub security_opt: Vec<String>,
}

/// How a container's health is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// What the shell of the image runs.
    pub command: String,
    /// Seconds between two looks.
    pub interval: u64,
    /// Seconds that one may take.
    pub timeout: u64,
    /// How many in a row must fail before it counts as unhealthy.
    pub retries: u64,
}

/// How a container runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// For good; restarted whenever it ends.
    Always,
    /// To its end, once per boot; not at all where the path exists already.
    Once {
        /// A path on the host that says the work is done.
        unless_exists: Option<String>,
    },
}

/// Network of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The host's own.
    Host,
    /// Docker's bridge, ports published.
    Bridge,
}

/// A port a container listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// What for.
    pub name: Spanned<String>,
    /// 1 to 65535; on the host, where everybody else meets it.
    pub number: Spanned<u16>,
    /// The number in a container behind a bridge, where it is another.
    pub inside: Option<u16>,
    /// All that the profile says of it: the number alone, or a map.
    pub entry: Span,
    /// `udp` instead of `tcp`.
    pub udp: bool,
    /// Who may reach it.
    pub audience: Audiences,
}

/// A variable of a container's environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// `[A-Za-z_][A-Za-z0-9_.-]*`; systemd takes none with `.` or `-`, containers do.
    pub name: Spanned<String>,
    pub value: PerNode<Text>,
    /// Whether the value must stay out of what others can read.
    pub secret: bool,
}

/// A host path inside a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bind {
    /// Absolute path on the host.
    pub from: Spanned<String>,
    /// Absolute path in the container.
    pub to: String,
    /// Whether the container may not write.
    pub read_only: bool,
    /// Mounts below travel from the host (`rslave`).
    pub slave: bool,
    /// Made before the start with this owner; left alone where `None`.
    pub create: Option<Ownership>,
}

/// Who owns a directory or a file made for a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// Numeric user.
    pub uid: u32,
    /// Numeric group.
    pub gid: u32,
    /// Permission bits.
    pub mode: u32,
}

/// A file that names the owner of a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityFile {
    /// Absolute path on the host.
    pub path: String,
    /// All it may hold.
    pub value: String,
}

/// What is done with a running container until it succeeds: topics, reboot gates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Name of the unit without `.service`.
    pub name: String,
    /// One line for people.
    pub description: String,
    /// Container it is done with.
    pub container: String,
    /// In order.
    pub steps: Vec<Step>,
    /// When it runs.
    pub when: When,
    /// Where the steps are written in the profile.
    pub place: Spanned<()>,
}

/// One step of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A command inside the container succeeds.
    Run {
        /// Program and arguments.
        argv: Vec<String>,
        /// Done only when it also prints nothing.
        until_silent: bool,
    },
    /// Each of several commands inside the container succeeds; one that does not holds up no other.
    Each {
        /// What all of them begin with.
        argv: Vec<String>,
        /// What each goes on with; the first word is its name.
        items: Vec<Vec<String>>,
    },
    /// On the host: waits until the member of this name has its vote, and helps it where `helps`.
    Vote {
        /// Whether nobody lets the member in by itself.
        helps: bool,
    },
    /// The container's port answers what it must.
    Hear {
        /// Port on the loopback address.
        port: u16,
        /// What is said first, as a format of `printf(1)`.
        say: &'static str,
        /// A line of the answer, as a basic regular expression.
        line: &'static str,
    },
}

/// When a task runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Whenever its container has started, without holding up the boot.
    AfterStart,
    /// Before the node counts as whole: the update agent may give up the reboot slot, a stack may go on to the next
    /// node.
    BeforeUpdates,
}

/// fleet's `[X-Fleet]`: where a unit may run in a fleet cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// `Conflicts=`: never beside units of these names.
    pub conflicts: Vec<String>,
    /// `MachineOf=`: on the machine of this unit.
    pub machine_of: Option<String>,
    /// `Global=`: on every machine.
    pub global: bool,
    /// `MachineMetadata=`: only where the machine has these.
    pub metadata: Vec<(String, String)>,
}

/// A reference to an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Registry, repository: everything before tag and digest.
    pub repository: String,
    pub tag: Option<String>,
    /// `sha256:…`.
    pub digest: Option<String>,
}

impl Image {
    /// Reads a reference; `None` where it is none (grammar of the OCI distribution specification).
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
            _ => (rest, None),
        };
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let part = |part: &str| {
            !part.is_empty()
                && part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && part.ends_with(|c: char| c.is_ascii_alphanumeric())
                && part.chars().all(|c| word(c) && !c.is_ascii_uppercase())
        };
        let (host, path) = match repository.split_once('/') {
            Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => {
                (Some(host), path)
            }
            _ => (None, repository),
        };
        let host_fits = host.is_none_or(|host| {
            let (domain, number) = host.split_once(':').unwrap_or((host, "1"));
            domain.split('.').all(|label| {
                !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            }) && number.parse::<u16>().is_ok()
        });
        let fits = host_fits
            && path.split('/').all(part)
            && tag.is_none_or(|tag| {
                (1..=128).contains(&tag.len())
                    && !tag.starts_with(['.', '-'])
                    && tag.chars().all(word)
            })
            && digest.is_none_or(|digest| {
                digest.strip_prefix("sha256:").is_some_and(|hex| {
                    hex.len() == 64
                        && hex.chars().all(|c| c.is_ascii_digit() || matches!(c, 'a'..='f'))
                })
            });
        fits.then(|| Self {
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// Returns the repository with its registry written out: `zookeeper` is `docker.io/library/zookeeper`.
    pub fn whole_repository(&self) -> String {
        let (host, path) = home(&self.repository);
        format!("{host}/{path}")
    }

    /// Returns it with its registry written out: what docker takes it for, and what podman asks to be told.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self { repository: self.whole_repository(), ..self.clone() }
    }

    /// Returns whether its registry is written, so that no runtime has to guess.
    pub fn has_registry(&self) -> bool {
        has_host(&self.repository)
    }

    /// Returns whether its repository is `name`, of any registry or below a mirror's path.
    pub fn is_copy_of(&self, name: &str) -> bool {
        let before = self.whole_repository().strip_suffix(name).map(str::to_owned);
        before.is_some_and(|before| before.ends_with('/'))
    }

    /// Returns major and minor version of the tag, as in `v3.6.14` or `7.9.6-1-ubi9`.
    pub fn version(&self) -> Option<(u32, u32)> {
        let tag = self.tag.as_deref()?;
        let mut numbers =
            tag.strip_prefix('v').unwrap_or(tag).split(['.', '-', '+', '_']).map(str::parse::<u32>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    }
}

/// Names under which Docker Hub is known.
const HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/// Returns whether a repository begins with the host of a registry.
fn has_host(repository: &str) -> bool {
    repository
        .split_once('/')
        .is_some_and(|(host, _)| host.contains(['.', ':']) || host == "localhost")
}

/// Returns the registry a repository is in, and its path there, both written out: `zookeeper` is `library/zookeeper` of
/// `docker.io`.
pub(super) fn home(repository: &str) -> (&str, String) {
    let (host, path) = match repository.split_once('/') {
        Some((host, path)) if has_host(repository) => (host, path),
        _ => ("docker.io", repository),
    };
    if !HUB.contains(&host) {
        return (host, path.to_owned());
    }
    let path = if path.contains('/') { path.to_owned() } else { format!("library/{path}") };
    ("docker.io", path)
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_references() {
        let digest = format!("a/b@sha256:{}", "0".repeat(64));
        for good in [
            "zookeeper:3.8.6",
            "quay.io/coreos/etcd:v3.6.14",
            "localhost:5000/e2e/kafka:1",
            digest.as_str(),
            "10.77.0.1:5000/a",
        ] {
            assert_eq!(Image::parse(good).map(|image| image.to_string()).as_deref(), Some(good));
        }
        for bad in
            ["", "Kafka:1", "kafka:", "a b", "host:99999/a:1", "a@sha256:12", "a//b", "-a", "a:.x"]
        {
            assert_eq!(Image::parse(bad), None, "{bad}");
        }
        for (image, name, is_copy) in [
            ("zookeeper:3.8.6", "library/zookeeper", true),
            ("registry.example.net/hub/library/zookeeper:3.8.6", "library/zookeeper", true),
            ("registry.example.net/zookeeper:1.0", "library/zookeeper", false),
            ("apache/kafka:4.3.1", "apache/kafka", true),
            ("registry.example.net/notapache/kafka:1", "apache/kafka", false),
            ("registry.example.net/platform/kafka:1.4.0", "apache/kafka", false),
        ] {
            let image = Image::parse(image).expect("an image");
            assert_eq!(image.is_copy_of(name), is_copy, "{image}");
        }
        for (image, whole) in [
            ("postgres:17.2", "docker.io/library/postgres:17.2"),
            ("apache/kafka:4.3.1", "docker.io/apache/kafka:4.3.1"),
            ("index.docker.io/redis", "docker.io/library/redis"),
            ("quay.io/a/b:1", "quay.io/a/b:1"),
            ("localhost/a", "localhost/a"),
        ] {
            let image = Image::parse(image).expect("an image");
            assert_eq!(image.whole().to_string(), whole);
        }
        let version = |text| Image::parse(text).and_then(|image| image.version());
        assert_eq!(version("quay.io/coreos/etcd:v3.6.14"), Some((3, 6)));
        assert_eq!(version("confluentinc/cp-kafka:7.9.6-1-ubi9"), Some((7, 9)));
        assert_eq!(version("a:latest"), None);
    }
}
