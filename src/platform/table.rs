//! The shape of the tables: every question that a platform answers differently from another.
//!
//! What it is to a node is here as functions, since it depends on what else the node has.

use std::collections::BTreeSet;

use super::advice::Advice;
use super::draft::Draft;
use super::host::Host;
use crate::diagnostic::{self, Diagnostics};
use crate::model::machine::StackValue;
use crate::model::{
    Aws, Container, Ebs, HostFact, Identity, Image, Role, SecretFile, StackFact, Target, Variable,
    Volume,
};
use crate::os::{FactSource, System};
use crate::profile::Value;
use crate::profile::schema::Section;
use crate::source::Spanned;

/// A check of what only one platform has.
pub type Check = diagnostic::Check<fn(&Role, &mut Diagnostics)>;

/// A platform.
#[derive(Debug)]
pub struct Platform {
    /// What people call what takes the user data.
    pub taker: &'static str,
    /// How it takes user data from somebody.
    pub delivery: Delivery,
    /// Returns the most bytes of user data it takes, raw.
    pub user_data_limit: fn(Option<&Aws>) -> Option<usize>,
    /// Returns what else helps where user data is larger: the end of a sentence, or nothing.
    pub spill: fn(Option<&Aws>) -> &'static str,
    /// Whether every program on a machine can read its user data.
    pub is_user_data_open: bool,
    /// The section of a profile that it reads.
    pub section: Option<&'static Section>,
    /// Reads the stack that a profile says its nodes run in; `None` where it says none, or where that was reported.
    pub lower: fn(&Written<'_>, &mut Diagnostics) -> Option<Aws>,
    /// Checks of what only it has.
    pub checks: &'static [Check],
    /// Packer's builder of its images.
    pub builder: &'static str,
    /// Returns who says what is known only at boot, if anybody does.
    pub facts: fn(&'static System) -> Option<&'static FactSource>,
    /// Whether it may hand machines SSH keys that no profile says.
    pub may_bring_keys: bool,
    /// The facts that every machine knows, whoever starts it.
    pub sure: &'static [HostFact],
    /// What a volume on a disk that outlives its machine says beside its mount point.
    pub lasting_disk: LastingDisk,
    /// The model that a machine's own disks report, where they can be found by it.
    pub own_disks: Option<&'static str>,
    /// Whether it makes the disks that a profile declares as `ebs`; else somebody attaches them under their names.
    pub makes_ebs: bool,
    /// Returns the memory of the machines of a role, if it is known.
    pub memory: fn(&Role) -> Option<Memory<'_>>,
    /// Returns what to say of a value that only a stack gives, where no stack does.
    pub no_stack: fn(&Role) -> Option<Advice>,
    /// Returns what to say of a secret that is fetched at boot, where nothing fetches it.
    pub no_secrets: fn(&Role) -> Option<Advice>,
    /// Returns the images that a machine runs for itself.
    pub images: fn(&Role) -> Vec<&Image>,
    /// Adds the unit that attaches a volume; `None` where somebody else attaches it.
    pub attach: fn(&Host<'_>, &Volume, &Ebs, &mut Draft) -> Option<Attached>,
    /// Adds what fetches a container's secrets; returns all that must have run before it.
    pub before: fn(&Host<'_>, &Container, Fetched<'_>, &mut Draft, &mut Diagnostics) -> Before,
    /// Adds what a machine does for itself, whatever it runs.
    pub add: fn(&Host<'_>, &mut Draft),
    /// Returns the values that a stack gives, of those that are used.
    pub stack_values: fn(&Host<'_>, &BTreeSet<StackFact>) -> Vec<StackValue>,
}

/// How user data gets to a machine without a stack; the document says what else the machine needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// As a text that is pasted.
    Paste(&'static str),
    /// As a file that is handed over.
    File(&'static str),
}

/// What a profile says, as far as a stack depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// The whole profile.
    pub tree: &'a Value,
    /// What is compiled for.
    pub target: &'a Target,
    /// Whether nodes are told apart.
    pub identity: &'a Spanned<Identity>,
    pub volumes: &'a [Volume],
}

/// What a volume on a disk that outlives its machine says beside its mount point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastingDisk {
    /// This, as it stands.
    Whole(&'static str),
    /// This, once what is left open in it has been filled in.
    Open(&'static str),
}

/// The memory of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory<'a> {
    /// How much.
    pub mib: u64,
    /// The type of machine that has it.
    pub of: &'a Spanned<String>,
    /// The key of a profile that says the type.
    pub key: &'static str,
}

/// A volume that the machine attaches itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// The unit that does it, and is there when the disk is.
    pub unit: String,
    /// The path of the disk from then on.
    pub path: String,
}

/// What of a container is fetched at boot, each as it is on its node.
#[derive(Clone, Copy, Debug)]
pub struct Fetched<'a> {
    /// Variables with a secret in them.
    pub variables: &'a [Variable],
    pub files: &'a [SecretFile],
}

/// What must have run before a container starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Fetches its secrets: those of its variables into an environment file, the others into files beside each other.
    pub secrets: Option<Helper>,
    /// Logs in to its image's registry, for who has the assignment; not needed where the image is here.
    pub login: Option<Helper>,
}

/// A unit that helps another, and what the other reads of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helper {
    pub unit: String,
    /// A path, or an assignment.
    pub read: String,
}

/// A platform that does nothing for its machines: what the others are laid over.
pub(super) const BARE: Platform = Platform {
    taker: "the platform",
    delivery: Delivery::File("docs/custom.md"),
    user_data_limit: |_| None,
    spill: |_| "",
    is_user_data_open: false,
    section: None,
    lower: |_, _| None,
    checks: &[],
    builder: "qemu",
    facts: |_| None,
    may_bring_keys: false,
    sure: &[],
    lasting_disk: LastingDisk::Open("device: /dev/disk/by-id/…"),
    own_disks: None,
    makes_ebs: false,
    memory: |_| None,
    no_stack: |_| {
        let help = "set `target.platform: aws`, or write the value itself where it is used";
        Some(Advice { help, is_platforms: true })
    },
    no_secrets: |_| {
        let help = "give the variable a value where the build runs, or set `target.platform: aws`";
        Some(Advice { help, is_platforms: true })
    },
    images: |_| Vec::new(),
    attach: |_, _, _, _| None,
    before: |_, _, _, _, _| Before::default(),
    add: |_, _| {},
    stack_values: |_, _| Vec::new(),
};

impl Platform {
    /// Returns whether every machine knows a fact at boot, whoever starts it.
    pub fn knows(&self, fact: HostFact) -> bool {
        self.sure.contains(&fact)
    }
}
