//! What a written unit that runs a service's image must get right: images, ports, addresses, ids, limits.
//!
//! A contract is data, and pure functions over a call of docker or podman that was read. Each kind of service keeps its
//! own, from the Dockerfiles and start scripts of its images. Knows no kind and judges nothing: the checks of written
//! units ask it.

use std::ops::Range;

use crate::model;
use crate::settings::{Table, Version};
use crate::unitfile::Call;

/// What every other machine reaches a node by, as a template.
pub const NODE: &str = "{{node.address}}";

/// What a unit that runs one of some images must get right.
#[derive(Clone, Copy, Debug)]
pub struct Contract {
    /// What runs in the images, for people; the image's own name where `None`.
    pub name: Option<&'static str>,
    pub images: &'static [Image],
    /// Last words of the names of images that hold the same, whoever built or mirrors them.
    pub names: &'static [&'static str],
    /// What replaces an abandoned image: a word of its name, and a reference; the first that fits.
    pub successors: &'static [(&'static str, &'static str)],
    /// What happens where no memory is set.
    pub memory_unset: &'static str,
    /// Whether it holds more files open than the runtime's default allows.
    pub needs_open_files: bool,
    /// How long it needs to stop, where that is longer than any server's moment.
    pub stop: Option<Stop>,
    /// Returns where it listens in its container.
    pub listens: fn(&Call) -> Listening,
    /// Returns the ports it tells others to reach it at.
    pub advertised_ports: fn(&Call) -> Vec<AdvertisedPort>,
    /// Returns the hosts it tells others to reach it at.
    pub advertised_hosts: fn(&Call) -> AdvertisedHosts,
    /// Variables that say who a member is.
    pub member_ids: &'static [MemberId],
    /// Variables that list peers.
    pub peer_lists: &'static [PeerList],
    /// Ports that must not be open to everybody.
    pub guarded: &'static [Guarded],
    /// Variables that mean something else where another one is missing.
    pub companions: &'static [Companion],
    /// Last words of the names of images that serve it, and the port on which each listens untold.
    pub untold: &'static [(&'static str, u16)],
    /// How its images are told the settings of the server, where that is known.
    pub reads: Option<Reads>,
}

impl Contract {
    /// Asks for nothing.
    pub const NONE: Self = Self {
        name: None,
        images: &[],
        names: &[],
        successors: &[],
        memory_unset: "",
        needs_open_files: false,
        stop: None,
        listens: |_| Listening::default(),
        advertised_ports: |_| Vec::new(),
        advertised_hosts: |_| AdvertisedHosts::default(),
        member_ids: &[],
        peer_lists: &[],
        guarded: &[],
        companions: &[],
        untold: &[],
        reads: None,
    };
}

/// An image.
#[derive(Clone, Copy, Debug)]
pub struct Image {
    /// Repository without `docker.io/` and `library/`.
    pub repository: &'static str,
    /// Where it writes what must be kept.
    pub data: &'static [&'static str],
    /// How it is told how much memory it may take.
    pub memory: Memory,
    /// Why it is no longer to be used. All images of the same owner count as gone.
    pub gone: Option<Gone>,
    /// Whether its first process is a shell that does not hand SIGTERM on.
    pub is_deaf: bool,
}

impl Image {
    /// Returns an image of which nothing is known but where it writes.
    pub const fn new(repository: &'static str, data: &'static [&'static str]) -> Self {
        Self { repository, data, memory: Memory::Unknown, gone: None, is_deaf: false }
    }

    /// Returns it as one that runs a JVM.
    #[must_use]
    pub const fn with_heap(self, variables: &'static [&'static str]) -> Self {
        Self { memory: Memory::Heap(variables), ..self }
    }

    /// Returns it as one that is no longer to be used.
    #[must_use]
    pub const fn gone(self, gone: Gone) -> Self {
        Self { gone: Some(gone), ..self }
    }

    /// Returns it as one whose first process does not hand SIGTERM on.
    #[must_use]
    pub const fn deaf(self) -> Self {
        Self { is_deaf: true, ..self }
    }
}

/// How an image is told how much memory it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Not known.
    Unknown,
    /// One of these variables sets the JVM's heap; the first is the one to use.
    Heap(&'static [&'static str]),
    /// It has no such variable: the container is limited.
    Limit,
}

/// Why an image is no longer to be used.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    /// What became of it.
    pub why: &'static str,
    /// The section of a profile that takes its place, and an image that does.
    pub instead: Option<(&'static str, &'static str)>,
}

impl Gone {
    /// What became of Bitnami's images.
    pub const BITNAMI: Self =
        Self { why: "has had no public versions since September 2025", instead: None };
    /// What became of wurstmeister's images.
    pub const WURSTMEISTER: Self =
        Self { why: "no longer kept since 2022, and left Docker Hub in 2024", instead: None };

    /// Returns it with what takes the image's place.
    #[must_use]
    pub const fn instead(self, section: &'static str, image: &'static str) -> Self {
        Self { instead: Some((section, image)), ..self }
    }

    /// Returns what to use, for people.
    pub fn advice(&self) -> String {
        match self.instead {
            Some((section, image)) => format!("the `{section}:` key of the profile, or `{image}`"),
            None => "an image its own project publishes".to_owned(),
        }
    }
}

/// How long a server needs to stop.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// What the server is called.
    pub server: &'static str,
    /// Seconds it needs at least.
    pub least: u32,
    /// The same in words.
    pub least_in_words: &'static str,
    /// Seconds that are always enough.
    pub enough: u32,
    /// Why less is not enough.
    pub why: &'static str,
}

/// Where a server listens in its container.
#[derive(Clone, Debug, Default)]
pub struct Listening {
    /// Ports; none where that is written elsewhere.
    pub ports: Vec<u16>,
    /// Where the call says so.
    pub at: Option<Range<usize>>,
}

/// A port that others are told.
#[derive(Clone, Debug)]
pub struct AdvertisedPort {
    pub port: u16,
    /// Where it is written.
    pub at: Range<usize>,
}

/// The hosts that others are told.
#[derive(Clone, Debug, Default)]
pub struct AdvertisedHosts {
    pub hosts: Vec<AdvertisedHost>,
    /// Whether others need to reach only one of them.
    pub one_is_enough: bool,
    /// Whether the container's own name is shown beside a host that repeats it.
    pub shows_name: bool,
    /// What goes wrong where none is told.
    pub missing: Option<MissingHost>,
}

/// A host that others are told; what is known only on the machine counts as it is written.
#[derive(Clone, Debug)]
pub struct AdvertisedHost {
    /// Name or address.
    pub host: String,
    /// Where it is written.
    pub at: Range<usize>,
    /// What goes wrong where others do not reach it.
    pub title: String,
    /// What to write.
    pub right: String,
}

/// What goes wrong where no host is told.
#[derive(Clone, Debug)]
pub struct MissingHost {
    /// What goes wrong.
    pub title: &'static str,
    /// What is there instead.
    pub label: &'static str,
    /// Where that is; the image where `None`.
    pub at: Option<Range<usize>>,
    /// What to add.
    pub right: String,
}

/// A variable that says who a member is.
#[derive(Clone, Copy, Debug)]
pub struct MemberId {
    pub variable: &'static str,
    /// What differs from node to node, as a template.
    pub template: &'static str,
}

impl MemberId {
    /// Returns a variable that holds a number.
    pub const fn number(variable: &'static str) -> Self {
        Self { variable, template: "{{node.id}}" }
    }
}

/// A variable that lists peers.
#[derive(Clone, Copy, Debug)]
pub struct PeerList {
    /// What its name ends in.
    pub suffix: &'static str,
    /// How one peer is written in a list with commas, as a template, where that is known.
    pub entry: Option<&'static str>,
}

impl PeerList {
    /// Returns one whose entries may be written in several ways.
    pub const fn new(suffix: &'static str) -> Self {
        Self { suffix, entry: None }
    }
}

/// How an image is told the settings of its server: by its environment, and by files of properties.
#[derive(Clone, Copy, Debug)]
pub struct Reads {
    /// What is known of them.
    pub table: fn() -> &'static Table,
    /// Returns the version of the server in an image, where its name and tag say so.
    pub version: fn(&model::Image) -> Option<Version>,
    /// Returns the setting that a variable means to an image; of variables that start scripts read by their names, too,
    /// what their names would mean.
    pub setting: fn(&model::Image, &str) -> Option<String>,
    /// Returns the variable that means a setting to an image.
    pub variable: fn(&model::Image, &str) -> Option<String>,
    /// Whether its command line holds them as `--name=value`, and the server ends at one that it does not know.
    pub by_flags: bool,
    /// Where it reads them as a file of properties, by the image: what others have there is written anew at each start.
    pub files: &'static [(&'static str, &'static str)],
    /// Beginnings of names that nothing knows here and that something reads: plug-ins, and what has no table.
    pub others: &'static [&'static str],
    /// Words of the commands by which its images run the server, where they are told one.
    pub starts: &'static [&'static str],
}

/// Returns the version in the tag of an image, where the tags of its repository are versions of the server.
///
/// Whoever builds an image numbers it as he likes.
pub(super) fn tag(image: &model::Image, known: &[&str]) -> Option<Version> {
    image.version().filter(|_| known.iter().any(|name| image.is_copy_of(name)))
}

/// A port that must not be open to everybody.
#[derive(Clone, Copy, Debug)]
pub struct Guarded {
    /// The port in the container.
    pub port: u16,
    /// Variable that sets a password.
    pub password: &'static str,
    /// What is wrong where it is open.
    pub title: &'static str,
}

/// A variable that means something else where another one is missing.
#[derive(Clone, Copy, Debug)]
pub struct Companion {
    pub variable: &'static str,
    pub needs: &'static str,
    /// What happens without.
    pub title: &'static str,
    pub help: &'static str,
}
