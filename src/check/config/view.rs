//! What a check of a config sees, of a role or of one machine that no profile describes.

use super::written::Written;
use crate::check::facts::Facts;
use crate::diagnostic::{self, Diagnostics};
use crate::model::{
    DirectorySpec, Group, LinkSpec, Os, Owner, StorageDisk, StorageFilesystem, StorageRaid, User,
};
use crate::source::Spanned;

/// A check of a config.
pub(super) type Check = diagnostic::Check<fn(&Config<'_>, &mut Diagnostics)>;

/// What a config is written as, which is whose words advice is given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Profile,
    Ignition,
}

/// What a check of a config sees.
#[derive(Debug)]
pub struct Config<'a> {
    pub form: Form,
    /// The system it is for.
    pub os: Os,
    pub users: &'a [User],
    pub groups: &'a [Group],
    pub directories: &'a [DirectorySpec],
    pub links: &'a [LinkSpec],
    pub disks: &'a [StorageDisk],
    pub raid: &'a [StorageRaid],
    pub filesystems: &'a [StorageFilesystem],
    /// Devices of all file systems that are made.
    pub devices: Vec<&'a Spanned<String>>,
    /// Arguments that the kernel must have, and those that it must not have.
    pub kernel_arguments: Vec<&'a Spanned<String>>,
    /// What is at each path.
    pub written: Written,
    /// Files, directories and links with their owners.
    pub owned: Vec<Owned<'a>>,
}

/// A file, directory or link with its owner.
#[derive(Clone, Copy, Debug)]
pub struct Owned<'a> {
    /// What it is, as `file`.
    pub what: &'static str,
    pub path: &'a Spanned<String>,
    pub user: Option<&'a Owner>,
    pub group: Option<&'a Owner>,
}

impl<'a> Config<'a> {
    /// Returns what a role shows of itself; `None` where it has no machine.
    pub(in crate::check) fn of(facts: &Facts<'a>) -> Option<Self> {
        let role = facts.role;
        let machine = facts.machines.first()?;
        let files = role.files.iter().filter(|file| !file.remove).map(|file| Owned {
            what: "file",
            path: &file.path,
            user: file.user.as_ref(),
            group: file.group.as_ref(),
        });
        Some(Self {
            form: Form::Profile,
            os: role.target.os.value,
            users: &role.users,
            groups: &role.groups,
            directories: &role.directories,
            links: &role.links,
            disks: &machine.disks,
            raid: &machine.raid,
            filesystems: &role.storage.filesystems,
            devices: machine.filesystems.iter().map(|made| &made.device).collect(),
            kernel_arguments: role
                .kernel_arguments
                .iter()
                .chain(&role.kernel_arguments_absent)
                .collect(),
            written: Written::of(machine),
            owned: files.chain(Owned::directories(&role.directories)).collect(),
        })
    }

    /// Returns a key in the words of the config: a profile's, or Ignition's.
    pub(super) fn key(&self, profiles: &'static str, ignitions: &'static str) -> &'static str {
        match self.form {
            Form::Profile => profiles,
            Form::Ignition => ignitions,
        }
    }
}

impl<'a> Owned<'a> {
    /// Returns directories with their owners.
    pub fn directories(directories: &'a [DirectorySpec]) -> impl Iterator<Item = Self> {
        directories.iter().map(|made| Self {
            what: "directory",
            path: &made.path,
            user: made.user.as_ref(),
            group: made.group.as_ref(),
        })
    }
}
