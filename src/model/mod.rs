//! What all rooms share: a role as it is meant, typed and valid, and the machines it becomes. Free of formats.
//!
//! If a value exists here it is right by itself; relations between values are the checks' matter.

mod audience;
mod aws;
mod call;
mod container;
mod contents;
mod host;
pub mod machine;
mod membership;
mod node;
mod packer;
mod parameter;
mod parts;
mod path;
mod registry;
mod secret_file;
mod target;
mod text;
mod unit_text;
mod uuid;
mod volume;

use crate::source::{Sources, Span, Spanned};

pub use audience::{Audience, Audiences};
pub use aws::{Ami, Assets, Aws, HostedZone, Launch, OnDelete, logical_id};
pub use call::Call;
pub use container::{
    Bind, Confinement, Container, Guard, Health, IdentityFile, Image, Network, Ownership,
    Placement, Port, Run, Step, Task, Variable, When,
};
pub use host::{
    DirectorySpec, DropinSpec, FileSpec, Group, LinkSpec, Owner, Reboots, Storage, StorageDisk,
    StorageFilesystem, StoragePartition, StorageRaid, UNIT_SUFFIXES, UnitSpec, Updates, User,
    Window, is_guid,
};
pub use membership::{Deciding, Membership, majority};
pub use node::{HostNames, Identity, Node};
pub use packer::Provisioner;
pub use parameter::Parameter;
pub use parts::Parts;
pub use path::{clean_path, is_below};
pub use registry::{Login, Registry};
pub use secret_file::{SecretFile, numeric_user};
pub use target::{Format, IgnitionVersion, Os, Platform, Target};
pub use text::{HostFact, PerNode, Piece, SecretSource, StackFact, Text};
pub use unit_text::UnitText;
pub use uuid::is_uuid;
pub use volume::{Disks, Ebs, FilesystemType, InstanceStore, Volume, VolumeSource};

/// A role, resolved and valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Folder name of the profile.
    pub name: String,
    /// One line for people.
    pub description: String,
    /// What is compiled for.
    pub target: Target,
    pub cluster: Spanned<String>,
    /// Domain that the names of nodes without an address of their own are in.
    pub domain: Option<Spanned<String>>,
    /// Whether nodes are told apart when they are built.
    pub identity: Spanned<Identity>,
    /// The members, in the order written; at least one.
    pub nodes: Vec<Node>,
    /// Where the names of its own nodes and of those it refers to lead, as far as profiles say it.
    pub hosts: Vec<HostNames>,
    /// Where machines pull images from; each image's own registry where `None`.
    pub registry: Option<Registry>,
    /// The stack the nodes run in, where a profile for `aws` says one.
    pub aws: Option<Aws>,
    /// Volumes, by name.
    pub volumes: Vec<Volume>,
    /// Containers, by name.
    pub containers: Vec<Container>,
    /// Raw units, drop-ins and masks, by name.
    pub units: Vec<UnitSpec>,
    /// Files, by path.
    pub files: Vec<FileSpec>,
    /// Directories, by path.
    pub directories: Vec<DirectorySpec>,
    /// Links, by path.
    pub links: Vec<LinkSpec>,
    /// Users, by name.
    pub users: Vec<User>,
    /// Groups, by name.
    pub groups: Vec<Group>,
    /// Kernel settings by name (`vm.swappiness`).
    pub sysctl: Vec<(Spanned<String>, String)>,
    /// Kernel arguments that must be there.
    pub kernel_arguments: Vec<Spanned<String>>,
    /// Kernel arguments that must not be there.
    pub kernel_arguments_absent: Vec<Spanned<String>>,
    /// How updates reboot machines; the system's own way where `None`.
    pub updates: Option<Updates>,
    /// Disks, arrays and file systems in Ignition's own words.
    pub storage: Storage,
    /// What Packer does to an image of the role besides, in order.
    pub provisioners: Vec<Provisioner>,
    /// Findings that are right here: code and reason.
    pub allow: Vec<(Spanned<String>, Spanned<String>)>,
}

impl Role {
    /// Returns where the number of nodes is written.
    pub fn counted(&self) -> Span {
        self.nodes.last().map_or(Sources::NOWHERE, |node| node.name.span)
    }

    /// Returns a volume by its name.
    pub fn volume(&self, name: &str) -> Option<&Volume> {
        self.volumes.iter().find(|volume| volume.name.value == name)
    }
}
