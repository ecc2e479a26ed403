//! Volumes: storage with a mount point.

use crate::source::{Span, Spanned};

/// A volume of every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    pub name: Spanned<String>,
    /// Absolute, clean mount point.
    pub mount: Spanned<String>,
    /// What it is formatted with, if blank.
    pub filesystem: Spanned<FilesystemType>,
    /// File system label: how the mount unit finds it.
    pub label: Spanned<String>,
    /// How it is mounted.
    pub options: Vec<Spanned<String>>,
    /// Where it comes from.
    pub source: VolumeSource,
}

/// Where a volume comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeSource {
    /// A device that is there at boot.
    Device(Spanned<String>),
    /// An EBS volume.
    Ebs(Ebs),
    /// Disks of the instance; several become one raid0.
    InstanceStore(InstanceStore),
}

/// Disks of the instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceStore {
    /// Where the profile says which; where it asks for them, if it leaves that open.
    pub at: Span,
    pub disks: Disks,
}

/// Which disks of the instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disks {
    /// These: absolute device paths, one at least.
    Named(Vec<Spanned<String>>),
    /// All that report this model, found at boot.
    All(&'static str),
}

impl InstanceStore {
    /// Returns the disks that a profile names; nothing where they are found at boot.
    pub fn named(&self) -> &[Spanned<String>] {
        match &self.disks {
            Disks::Named(devices) => devices,
            Disks::All(_) => &[],
        }
    }
}

/// An EBS volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ebs {
    /// Where what is said of it stands.
    pub at: Span,
    /// Device name given at attach, as `/dev/xvdf`.
    pub device: Spanned<String>,
    pub size_gib: Spanned<u64>,
    pub volume_type: Spanned<String>,
    /// Whether it outlives the instance.
    pub keep: Spanned<bool>,
    /// Provisioned operations per second.
    pub iops: Option<Spanned<u64>>,
    /// Provisioned throughput in MiB/s.
    pub throughput: Option<Spanned<u64>>,
}

/// A file system a volume may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilesystemType {
    /// XFS; labels up to 12 bytes.
    Xfs,
    /// ext4; labels up to 16 bytes.
    Ext4,
}

impl FilesystemType {
    /// All of them, with the word a profile uses.
    pub const ALL: [(&'static str, Self); 2] = [("xfs", Self::Xfs), ("ext4", Self::Ext4)];

    /// Returns the word `mkfs`, `mount` and Ignition use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Xfs => "xfs",
            Self::Ext4 => "ext4",
        }
    }

    /// Returns the most bytes a label may have.
    pub fn label_limit(self) -> usize {
        match self {
            Self::Xfs => 12,
            Self::Ext4 => 16,
        }
    }
}
