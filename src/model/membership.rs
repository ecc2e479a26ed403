//! What a member of a cluster must know to decide, at its start, what it becomes.

use super::text::{PerNode, Text};
use crate::source::Spanned;

/// One node's seat in a cluster: who it is, who the others are, and where its state lies.
///
/// It never says what the node becomes: the disk and the others' answers do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Name of the service, and of its unit without `.service`.
    pub instance: Spanned<String>,
    /// The functions that know the kind of service, by its word and as a script of bash.
    pub kind: (&'static str, &'static str),
    /// Whose answers count: the role's cluster and the service.
    pub cluster: String,
    pub id: u32,
    /// The port that members answer each other on.
    pub port: u16,
    /// Id and host of every other member; nobody where they are not known when it is built.
    pub peers: Vec<(u32, String)>,
    /// Whether others find it, those who come later among them: one that is alone is asked by the second.
    pub is_found: bool,
    /// Who founds the cluster; nobody where a token decides.
    pub birth: Option<u32>,
    /// Directories with what is lost with the disk; each has its mark in [`Membership::mark`].
    pub data: Vec<String>,
    /// The unit that a blank disk is formatted by, where it is not the service's own.
    pub apart: Option<String>,
    /// What only its kind reads, by name; words of a list.
    pub values: Vec<(&'static str, Vec<String>)>,
}

impl Membership {
    /// Returns the units by which an instance answers the other members: the socket, and the service for a question.
    pub fn units(instance: &str) -> [String; 2] {
        [format!("{instance}-member.socket"), format!("{instance}-member@.service")]
    }

    /// Returns where the mark of a directory lies: beside it, where no container sees it.
    pub fn mark(data: &str) -> String {
        let (parent, name) = data.rsplit_once('/').unwrap_or(("", data));
        let ending = if name == "data" { String::new() } else { format!("-{name}") };
        format!("{parent}/member{ending}")
    }
}

/// What a container asks at its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// The seat, by the name of its service.
    pub instance: String,
    /// Whether it makes a blank disk ready for another container, rather than run the service.
    pub forms: bool,
    /// What is known only on the machine, for the kind's functions.
    pub words: Vec<PerNode<Text>>,
    /// Whether the container is given what was decided, as further arguments.
    pub takes_flags: bool,
}

/// Returns how many of `members` must agree.
pub fn majority(members: usize) -> usize {
    members / 2 + 1
}
