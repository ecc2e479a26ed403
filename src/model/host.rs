//! What a profile says of the host itself: units, files, users, disks, updates.

use std::fmt;

use super::container::Placement;
use super::text::{PerNode, Text};
use crate::source::Spanned;

/// A raw unit, drop-ins to one, a mask, or the removal of a generated one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitSpec {
    /// File name with its suffix.
    pub name: Spanned<String>,
    /// The whole unit file.
    pub contents: Option<Spanned<PerNode<Text>>>,
    /// Whether it starts with the machine.
    pub enabled: Option<bool>,
    /// Linked to `/dev/null`.
    pub mask: bool,
    /// `null`: what cfgbuild generates under this name is left out.
    pub remove: bool,
    /// Drop-ins in the order of their names.
    pub dropins: Vec<DropinSpec>,
    /// Where fleet may put it.
    pub placement: Placement,
    /// Whether a text holds a secret.
    pub secret: bool,
}

/// A drop-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropinSpec {
    /// File name, ends in `.conf`.
    pub name: Spanned<String>,
    pub contents: Spanned<PerNode<Text>>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSpec {
    /// Absolute, clean path.
    pub path: Spanned<String>,
    /// Permission bits.
    pub mode: Spanned<u32>,
    /// Owner; root where `None`.
    pub user: Option<Owner>,
    /// Group; root where `None`.
    pub group: Option<Owner>,
    pub contents: PerNode<Vec<u8>>,
    /// Whether they hold a secret.
    pub secret: bool,
    /// `null`: what cfgbuild generates at this path is left out.
    pub remove: bool,
}

/// A directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectorySpec {
    /// Absolute, clean path.
    pub path: Spanned<String>,
    /// Permission bits.
    pub mode: Spanned<u32>,
    /// Owner; root where `None`.
    pub user: Option<Owner>,
    /// Group; root where `None`.
    pub group: Option<Owner>,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSpec {
    /// Absolute, clean path.
    pub path: Spanned<String>,
    /// What it points at.
    pub target: String,
    /// A hard link.
    pub hard: bool,
}

/// Who owns a file: a name or a number, as Ignition takes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// By name; resolved on the machine.
    Name(String),
    /// By number.
    Id(u32),
}

impl fmt::Display for Owner {
    /// As `chown(1)` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Id(id) => write!(f, "{id}"),
        }
    }
}

/// Tells whether a text is the GUID of a partition or of its type, in digits as 8-4-4-4-12.
pub fn is_guid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// What the names of units end in (`systemd.unit(5)`).
pub const UNIT_SUFFIXES: [&str; 11] = [
    "service",
    "socket",
    "device",
    "mount",
    "automount",
    "swap",
    "target",
    "path",
    "timer",
    "slice",
    "scope",
];

/// A user account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Login name.
    pub name: Spanned<String>,
    /// Public keys, one `authorized_keys` line each.
    pub ssh_authorized_keys: Vec<String>,
    /// Hash as in `shadow(5)`.
    pub password_hash: Option<Spanned<String>>,
    /// Numeric id.
    pub uid: Option<Spanned<u32>>,
    pub primary_group: Option<String>,
    pub groups: Vec<String>,
    pub home_dir: Option<String>,
    pub shell: Option<String>,
    /// Whether it is a system account.
    pub system: bool,
    /// `false` removes the account, which Ignition can from 3.2.0.
    pub should_exist: Option<Spanned<bool>>,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub name: Spanned<String>,
    /// Numeric id.
    pub gid: Option<u32>,
    /// Whether it is a system group.
    pub system: bool,
}

/// How updates reboot machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Updates {
    /// Who may reboot when.
    pub strategy: Spanned<Reboots>,
}

/// Who may reboot when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reboots {
    /// Nobody, by itself.
    Off,
    /// Each node in a weekly window of its own.
    Windows(Window),
    /// Whoever holds the lock of the group.
    Lock {
        /// Base URL of a `FleetLock` server.
        url: Option<String>,
        group: String,
    },
}

/// The window of the first node; the others follow, so that no two meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Minutes after midnight, UTC.
    pub start_minute: u32,
    pub length_minutes: u32,
}

/// Disks, arrays and file systems in Ignition's own words; everything is done at first boot only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// Disks to partition.
    pub disks: Vec<StorageDisk>,
    /// Arrays to assemble.
    pub raid: Vec<StorageRaid>,
    /// File systems to make.
    pub filesystems: Vec<StorageFilesystem>,
}

/// A disk to partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageDisk {
    /// Absolute device path.
    pub device: Spanned<String>,
    /// Whether an existing partition table is destroyed.
    pub wipe_table: bool,
    /// In order.
    pub partitions: Vec<StoragePartition>,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoragePartition {
    /// Number; 0 is the next free one.
    pub number: u32,
    /// GPT label.
    pub label: Option<Spanned<String>>,
    pub size_mib: Option<u64>,
    pub start_mib: Option<u64>,
    pub type_guid: Option<Spanned<String>>,
    /// Whether a differing partition is replaced.
    pub wipe_partition_entry: bool,
    /// Whether it may grow.
    pub resize: Option<Spanned<bool>>,
}

/// An array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageRaid {
    /// Name below `/dev/md/`.
    pub name: Spanned<String>,
    /// Level as Ignition writes it.
    pub level: String,
    /// Absolute device paths.
    pub devices: Vec<String>,
    /// Spares among them.
    pub spares: u32,
}

/// A file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageFilesystem {
    /// Absolute device path.
    pub device: Spanned<String>,
    pub format: Spanned<String>,
    pub label: Option<Spanned<String>>,
    /// Mount point; a mount unit is made where it is given.
    pub path: Option<Spanned<String>>,
    /// Whether an existing file system is destroyed.
    pub wipe_filesystem: bool,
    /// Arguments to mkfs.
    pub options: Vec<String>,
    pub mount_options: Vec<String>,
}
