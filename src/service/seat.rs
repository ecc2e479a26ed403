//! A seat in a cluster that decides by majority: the keys, their reading, and what the machine is told.
//!
//! Who founds a cluster is said once, and asked for only while every disk is blank.

use std::collections::BTreeSet;

use super::declared::Listener;
use super::member::{MEMBERS, Member, listener};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::model::{Membership, Node, Role};
use crate::profile::schema::{Field, Type, field};
use crate::profile::{Value, read};
use crate::source::{Edit, Span, Spanned};

/// Who founds the cluster.
pub(super) const BIRTH: Field = field(
    "birth",
    Type::Name,
    "Node that founds the cluster, once all disks are known to be blank; the lowest id where left out.",
);
/// Where members ask each other.
pub(super) const MEMBER_PORT: Field = field(
    "member_port",
    Type::Port,
    "Port that members tell each other on whether their disks are blank.",
);

/// What a profile says of the seats of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Where members ask each other.
    pub port: Spanned<u16>,
    /// Who founds the cluster, where it is said.
    pub birth: Option<Spanned<String>>,
}

impl Seat {
    /// Reads the keys of a section.
    pub(super) fn read(section: &Value) -> Option<Self> {
        Some(Self {
            port: read::number_at(section, MEMBER_PORT.name)?,
            birth: read::text_at(section, BIRTH.name),
        })
    }

    /// Returns what it listens on.
    pub(super) fn listener(&self, path: &str) -> Listener {
        listener("member", format!("{path}.{}", MEMBER_PORT.name), &self.port, MEMBERS)
    }

    /// Reports a founder that is none of the voters.
    pub(super) fn validate(
        &self,
        path: &str,
        role: &Role,
        voters: &[String],
        diags: &mut Diagnostics,
    ) {
        let Some(Spanned { value: birth, span }) = &self.birth else { return };
        let known = voters.iter().map(String::as_str);
        if known.clone().any(|voter| voter == birth) {
            return;
        }
        let there = role.nodes.iter().find(|node| node.name.value == *birth);
        let (what, label) = match there {
            Some(_) => ("which has no vote", "founds nothing"),
            None => ("and there is no such node", "no node of this role"),
        };
        let title = format!("`{path}.{}` names `{birth}`, {what}", BIRTH.name);
        let found = Diagnostic::error("birth-unknown", *span, title, label);
        let mut found = if let Some(node) = there {
            // who else should is not for a guess
            let names: Vec<String> = known.map(|name| format!("`{name}`")).take(3).collect();
            let help = format!("name one of those that vote, as {}", names.join(", "));
            found.related(node.name.span, "this node").help(help)
        } else {
            let mut found = found.help(suggestion(birth, known.clone()));
            found.edits.extend(nearest(birth, known).map(|meant| Edit::write(*span, meant)));
            found
        };
        found.choice = true;
        diags.report(found);
    }

    /// Reports a founder where there is nothing to found.
    pub(super) fn refuse_birth(&self, path: &str, why: &str, place: Span, diags: &mut Diagnostics) {
        let Some(Spanned { value: _, span }) = &self.birth else { return };
        let title = format!("`{path}.{}` means nothing here: {why}", BIRTH.name);
        diags.report(
            Diagnostic::error("key-conflict", *span, title, "never asked for")
                .related(place, "because of this")
                .help(format!("remove `{path}.{}`", BIRTH.name))
                .edit(Edit::remove(*span)),
        );
    }

    /// Returns the seat of a node: `voters` may found the cluster, nobody where a token decides.
    pub(super) fn of(
        &self,
        member: Member<'_>,
        instance: Spanned<String>,
        kind: (&'static str, &'static str),
        voters: &[String],
        data: Vec<String>,
    ) -> Membership {
        let role = member.role;
        let others = role.nodes.iter().filter(|node| node.name != member.node.name);
        let peer = |node: &Node| {
            let host = node.address.as_ref()?.value.trim_matches(['[', ']']).to_owned();
            Some((node.id.value, host))
        };
        let pinned = member.pinned();
        Membership {
            cluster: format!("{}/{}", role.cluster.value, instance.value),
            instance,
            kind,
            id: member.node.id.value,
            port: self.port.value,
            is_found: pinned && member.node.address.is_some(),
            peers: others.filter(|_| pinned).filter_map(peer).collect(),
            birth: self.founder(role, voters),
            data,
            apart: None,
            values: Vec::new(),
        }
    }

    /// Returns the id of the node that founds the cluster.
    pub(super) fn founder(&self, role: &Role, voters: &[String]) -> Option<u32> {
        let known: BTreeSet<&str> = voters.iter().map(String::as_str).collect();
        let mut eligible =
            role.nodes.iter().filter(|node| known.contains(node.name.value.as_str()));
        let said = self.birth.as_ref();
        let chosen = |node: &&Node| said.is_some_and(|birth| birth.value == node.name.value);
        let founder = eligible.clone().find(chosen);
        let lowest = || eligible.by_ref().min_by_key(|node| node.id.value);
        founder.or_else(lowest).map(|node| node.id.value)
    }
}
