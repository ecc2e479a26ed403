//! What user data says of a machine, in the words of a role: units, files, users.

use super::EC2;
use crate::model::{
    DropinSpec, FileSpec, Identity, IgnitionVersion, Node, Os, Owner, PerNode, Placement, Platform,
    Role, Storage, Target, Text, UnitSpec, User,
};
use crate::source::{Sources, Span, Spanned};

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
    /// Units, files and users.
    pub(super) cluster: Role,
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
            cluster: bare(os),
            commands: Vec::new(),
            settings: Vec::new(),
            inner: Vec::new(),
        }
    }
}

fn said<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Sources::NOWHERE)
}

/// Returns a role of one machine that says nothing of it.
fn bare(os: Os) -> Role {
    let node = Node { index: 1, name: said(String::new()), id: said(1), zone: None, address: None };
    let target = Target {
        os: said(os),
        platform: said(Platform::Custom),
        ignition: said(IgnitionVersion::V3_6),
        formats: said(Vec::new()),
    };
    Role {
        role: String::new(),
        description: String::new(),
        target,
        name: said(String::new()),
        domain: None,
        identity: said(Identity::Shared),
        nodes: vec![node],
        registry: None,
        aws: None,
        volumes: Vec::new(),
        containers: Vec::new(),
        units: Vec::new(),
        files: Vec::new(),
        directories: Vec::new(),
        links: Vec::new(),
        users: Vec::new(),
        groups: Vec::new(),
        sysctl: Vec::new(),
        kernel_arguments: Vec::new(),
        kernel_arguments_absent: Vec::new(),
        updates: None,
        storage: Storage::default(),
        allow: Vec::new(),
        provisioners: Vec::new(),
    }
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

/// Returns a file.
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

/// Returns a user that has a name and keys.
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
