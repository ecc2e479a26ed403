//! Nodes: who is in the cluster, and how the others reach it.

use crate::source::{Span, Spanned};

/// A member of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Position from 1, in the order written.
    pub index: u32,
    /// Its name, unique in the role.
    pub name: Spanned<String>,
    /// Number of the member in its services (`myid`, `broker.id`, `node.id`), from 1.
    pub id: Spanned<u32>,
    /// Availability zone, if the profile fixes it.
    pub zone: Option<Spanned<String>>,
    /// Name or address under which the others reach it; `None` if it is known only at boot.
    pub address: Option<Spanned<String>>,
    /// The IPv4 address that its name leads to, if the profile fixes it.
    pub ip: Option<Spanned<String>>,
    /// Where it is said that it is about to go, if it is.
    pub leaving: Option<Span>,
}

/// Where names lead: a line of `hosts(5)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostNames {
    /// An IPv4 address.
    pub ip: String,
    /// The names; at least one.
    pub names: Vec<String>,
}

/// Whether nodes are told apart when they are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Own config, volume and address per node.
    Pinned,
    /// One config for all: what tells nodes apart comes at boot.
    Shared,
}
