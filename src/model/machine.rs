//! One machine, in Ignition's vocabulary: what every back end prints and no back end decides.
//!
//! Host facts are already the target system's variables, names are escaped, texts are final.

use std::collections::{BTreeMap, BTreeSet};

use super::call::Call;
use super::contents;
use super::unit_text::UnitText;
use crate::source::{Sources, Span, Spanned};

pub use contents::{Body, Contents, LatePart, StackValue};
// a profile says these in Ignition's words already
pub use super::host::{
    Group, Owner, StorageDisk as Disk, StoragePartition as Partition, StorageRaid as Raid, User,
};

/// Everything one node gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The node's name, and the folder its artefacts go to.
    pub name: String,
    /// Static host name; `None` leaves it to the platform.
    pub hostname: Option<String>,
    /// Users, by name.
    pub users: Vec<User>,
    /// Groups, by name.
    pub groups: Vec<Group>,
    /// Directories, parents before children.
    pub directories: Vec<Directory>,
    /// Files, by path.
    pub files: Vec<File>,
    /// Links, by path.
    pub links: Vec<Link>,
    /// Disks to partition at first boot.
    pub disks: Vec<Disk>,
    /// Arrays to assemble at first boot.
    pub raid: Vec<Raid>,
    /// File systems to make at first boot.
    pub filesystems: Vec<Filesystem>,
    /// systemd units, in the order a running system starts them.
    pub units: Vec<Unit>,
    /// Arguments the kernel must or must not have.
    pub kernel_arguments: KernelArguments,
    /// What the stack gives it, one line of [`Machine::STACK_FILE`] each; none where nothing uses any.
    pub stack: Vec<StackValue>,
    /// What its own units ask of AWS.
    pub calls: BTreeSet<Call>,
}

/// A directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Absolute, clean path.
    pub path: Spanned<String>,
    /// Permission bits, up to `0o7777`.
    pub mode: Spanned<u32>,
    /// Owner; root where `None`.
    pub user: Option<Owner>,
    /// Group; root where `None`.
    pub group: Option<Owner>,
}

/// A file with its contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Absolute, clean path.
    pub path: Spanned<String>,
    /// Permission bits, up to `0o7777`.
    pub mode: Spanned<u32>,
    /// Owner; root where `None`.
    pub user: Option<Owner>,
    /// Group; root where `None`.
    pub group: Option<Owner>,
    /// The bytes, and whether they are a secret.
    pub contents: Contents,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Absolute, clean path.
    pub path: Spanned<String>,
    /// What it points at.
    pub target: String,
    /// A hard link instead of a symbolic one.
    pub hard: bool,
}

/// A file system Ignition makes unless the device already holds the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filesystem {
    /// Absolute device path.
    pub device: Spanned<String>,
    /// `ext4 xfs btrfs vfat swap`.
    pub format: String,
    /// Label within the format's limit.
    pub label: Option<String>,
    /// Where Ignition mounts it while it writes files; absent if it need not.
    pub path: Option<String>,
    /// Whether an existing file system is destroyed.
    pub wipe_filesystem: bool,
    /// Extra arguments to mkfs.
    pub options: Vec<String>,
}

/// Arguments of the kernel command line, which Ignition knows from 3.3.0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KernelArguments {
    /// Must be there.
    pub should_exist: Vec<Spanned<String>>,
    /// Must not be there.
    pub should_not_exist: Vec<Spanned<String>>,
}

/// A systemd unit: generated, raw, or only drop-ins to one that the system has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// File name with its suffix.
    pub name: Spanned<String>,
    /// The unit file; `None` where the system brings it.
    pub contents: Option<String>,
    /// Whether it starts with the machine; `None` leaves it as it is.
    pub enabled: Option<bool>,
    /// Linked to `/dev/null`.
    pub mask: bool,
    /// Drop-ins by file name (`10-x.conf`).
    pub dropins: BTreeMap<String, String>,
    /// What a system that is already running must do with it: only cloud-config needs to know.
    pub command: Option<Command>,
    /// fleet's `[X-Fleet]` options, printed into loose units for `container-linux` only.
    pub fleet: Option<UnitText>,
    /// Whether the text holds a secret: artefacts that carry it are written 0600.
    pub secret: bool,
}

/// What a running system does with a unit once its files are in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `systemctl start`.
    Start,
    /// `systemctl restart`.
    Restart,
    /// `systemctl reload-or-try-restart`: nothing where it does not run.
    Reload,
}

impl Machine {
    /// Returns a machine that nothing is said of but its name.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            hostname: None,
            users: Vec::new(),
            groups: Vec::new(),
            directories: Vec::new(),
            files: Vec::new(),
            links: Vec::new(),
            disks: Vec::new(),
            raid: Vec::new(),
            filesystems: Vec::new(),
            units: Vec::new(),
            kernel_arguments: KernelArguments::default(),
            stack: Vec::new(),
            calls: BTreeSet::new(),
        }
    }

    /// Where the values lie that a stack gives the machine: an environment file of its own, so that it can stay
    /// readable to the stack where all else is compressed.
    pub const STACK_FILE: &str = "/etc/cfgbuild/stack.env";

    /// Returns how much text and data it holds, in bytes.
    pub fn bytes(&self) -> usize {
        let files = self.files.iter().map(|file| file.contents.bytes().len());
        let units = self.units.iter().map(|unit| {
            let dropins: usize = unit.dropins.values().map(String::len).sum();
            unit.contents.as_ref().map_or(0, String::len) + dropins
        });
        files.chain(units).sum()
    }

    /// Returns whether anything on it is secret.
    pub fn has_secrets(&self) -> bool {
        self.files.iter().any(|file| file.contents.secret)
            || self.units.iter().any(|unit| unit.secret)
            || self.users.iter().any(|user| user.password_hash.is_some())
    }

    /// Marks as secret what holds a value that `is_secret` knows, whatever was said of it before.
    pub fn guard(&mut self, is_secret: &dyn Fn(&[u8]) -> bool) {
        for file in &mut self.files {
            file.contents.secret = file.contents.secret || is_secret(&file.contents.bytes());
        }
        for unit in &mut self.units {
            let texts = unit.contents.iter().chain(unit.dropins.values());
            unit.secret = unit.secret || texts.into_iter().any(|text| is_secret(text.as_bytes()));
        }
    }

    /// Returns the file of the stack's values, one line each; `None` where nothing uses any.
    pub fn stack_file(&self) -> Option<File> {
        if self.stack.is_empty() {
            return None;
        }
        let span = self.span().unwrap_or(Sources::NOWHERE);
        let line = |value: &StackValue| {
            let name = LatePart::Literal(format!("{}=", value.fact.variable()));
            let value = if value.fact.is_late() {
                LatePart::Value(value.clone())
            } else {
                LatePart::Literal(value.now.clone())
            };
            [name, value, LatePart::Literal("\n".to_owned())]
        };
        Some(File {
            path: Spanned::new(Self::STACK_FILE.to_owned(), span),
            mode: Spanned::new(0o644, span),
            user: None,
            group: None,
            contents: Contents::late(self.stack.iter().flat_map(line).collect()),
        })
    }

    /// Returns by how many bytes user data may grow once a stack has filled in its values.
    pub fn growth(&self) -> usize {
        let grows = |value: &StackValue| value.fact.longest().saturating_sub(value.now.len());
        self.stack.iter().map(grows).sum()
    }

    /// Returns the place of the first thing said about the machine, for messages about all of it.
    pub fn span(&self) -> Option<Span> {
        self.units.first().map(|unit| unit.name.span)
    }
}
