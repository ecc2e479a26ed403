//! What user data says of a machine: units, files, users.

use crate::model::{
    DirectorySpec, DropinSpec, FileSpec, Group, LinkSpec, Os, Owner, PerNode, Placement, Storage,
    Text, UnitSpec, User,
};
use crate::source::{Sources, Span, Spanned};

/// Most bytes of user data that EC2 takes, raw.
pub(super) const EC2: usize = 16_384;

/// User data that was understood.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it comes from.
    pub(super) title: String,
    /// What it is, as `cloud-config`.
    pub(super) kind: String,
    /// Bytes of the text.
    pub(super) bytes: usize,
    /// Bytes that are sent, where that is known.
    pub(super) sent: Option<usize>,
    /// Most bytes that may be sent.
    pub(super) limit: usize,
    /// The system it is for, as far as it can be known.
    pub(super) os: Os,
    /// Units, drop-ins and masks.
    pub(super) units: Vec<UnitSpec>,
    pub(super) files: Vec<FileSpec>,
    pub(super) directories: Vec<DirectorySpec>,
    pub(super) links: Vec<LinkSpec>,
    pub(super) users: Vec<User>,
    pub(super) groups: Vec<Group>,
    /// Disks, arrays and file systems that are made at the first boot.
    pub(super) storage: Storage,
    /// Arguments that the kernel must have, and those that it must not have.
    pub(super) kernel_arguments: Vec<Spanned<String>>,
    /// By unit: what is done with it at boot besides enabling, as `start`.
    pub(super) commands: Vec<(String, String)>,
    /// What else is set: a heading, and its lines.
    pub(super) settings: Vec<(String, Vec<String>)>,
    /// Configs that it holds and that replace it or add to it.
    pub(super) inner: Vec<Found>,
}

impl Found {
    /// Returns a machine that nothing is known of yet.
    pub(super) fn new(title: String, kind: &str, os: Os, bytes: usize) -> Self {
        Self {
            title,
            kind: kind.to_owned(),
            bytes,
            sent: None,
            limit: EC2,
            os,
            units: Vec::new(),
            files: Vec::new(),
            directories: Vec::new(),
            links: Vec::new(),
            users: Vec::new(),
            groups: Vec::new(),
            storage: Storage::default(),
            kernel_arguments: Vec::new(),
            commands: Vec::new(),
            settings: Vec::new(),
            inner: Vec::new(),
        }
    }
}

impl Found {
    /// Tells whether Ignition reads it.
    pub(super) fn is_ignition(&self) -> bool {
        self.kind.starts_with("Ignition")
    }
}

fn said<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Sources::NOWHERE)
}

/// Returns a unit that is only named.
pub(super) fn unit(name: Spanned<String>) -> UnitSpec {
    UnitSpec {
        name,
        contents: None,
        enabled: None,
        mask: false,
        remove: false,
        dropins: Vec::new(),
        placement: Placement::default(),
        secret: false,
    }
}

/// Returns a text as one of a unit.
pub(super) fn text(text: &str, span: Span) -> Spanned<PerNode<Text>> {
    Spanned::new(PerNode::Same(Text::literal(text)), span)
}

/// Returns a drop-in.
pub(super) fn dropin(name: Spanned<String>, contents: Spanned<PerNode<Text>>) -> DropinSpec {
    DropinSpec { name, contents }
}

pub(super) fn file(path: Spanned<String>, mode: u32, bytes: Vec<u8>) -> FileSpec {
    FileSpec {
        path,
        mode: said(mode),
        user: None,
        group: None,
        contents: PerNode::Same(bytes),
        secret: false,
        remove: false,
    }
}

/// Returns an owner as a name or a number says it.
pub(super) fn owner(text: &str) -> Owner {
    text.parse().map_or_else(|_| Owner::Name(text.to_owned()), Owner::Id)
}

pub(super) fn user(name: Spanned<String>, keys: Vec<String>) -> User {
    User {
        name,
        ssh_authorized_keys: keys,
        password_hash: None,
        uid: None,
        primary_group: None,
        groups: Vec::new(),
        home_dir: None,
        shell: None,
        system: false,
        should_exist: None,
    }
}
