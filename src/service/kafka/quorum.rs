//! The controllers of a KRaft cluster: who they are, and where.

use super::super::declared::Offer;
use super::super::member::{bracketed, host};
use super::broker::{Kafka, Mode, Part, controllers};
use crate::model::{Node, Role};
use crate::profile::read;

/// The controllers that a role's own nodes are.
#[derive(Clone, Copy)]
pub(super) struct Quorum<'a> {
    pub(super) port: u16,
    pub(super) role: &'a Role,
    /// Whether the nodes are nothing else, so that all of them vote.
    pub(super) alone: bool,
}

impl<'a> Quorum<'a> {
    /// Returns the nodes of the lowest ids: the order of lines in a profile is nobody's vote.
    fn nodes(self) -> impl Iterator<Item = (&'a Node, String)> {
        let mut nodes: Vec<&Node> = self.role.nodes.iter().collect();
        nodes.sort_by_key(|node| node.id.value);
        if !self.alone {
            nodes.truncate(controllers(nodes.len()));
        }
        nodes
            .into_iter()
            .map(move |node| (node, format!("{}:{}", host(node).unwrap_or_default(), self.port)))
    }

    /// Tells whether the node at `position` is a controller.
    pub(super) fn holds(self, position: usize) -> bool {
        let node = self.role.nodes.get(position);
        node.is_some_and(|node| self.nodes().any(|(voter, _)| voter.name == node.name))
    }

    /// Returns the controllers by name.
    pub(super) fn names(self) -> Vec<String> {
        self.nodes().map(|(node, _)| node.name.value.clone()).collect()
    }

    /// Returns `host:port,…`: how everyone finds the quorum.
    pub(super) fn endpoints(self) -> String {
        self.nodes().map(|(_, endpoint)| endpoint).collect::<Vec<_>>().join(",")
    }
}

impl Kafka {
    /// Returns the controllers among the role's own nodes, in KRaft mode.
    pub(super) fn quorum<'a>(&self, role: &'a Role) -> Option<Quorum<'a>> {
        match &self.mode.value {
            Mode::Kraft { part: Part::Brokers(_), .. } | Mode::Zookeeper { .. } => None,
            Mode::Kraft { controller_port, part, .. } => Some(Quorum {
                port: controller_port.value,
                role,
                alone: matches!(part, Part::Controllers { .. }),
            }),
        }
    }
}

/// The controllers of another role, as it offers them.
pub(super) struct Elsewhere<'a> {
    offer: &'a Offer,
    /// Their own port.
    port: u16,
    /// The port they answer other members on.
    pub(super) member_port: u16,
}

impl<'a> Elsewhere<'a> {
    /// Returns them, where a role's Kafka is controllers and nothing else.
    pub(super) fn of(offer: &'a Offer) -> Option<Self> {
        let section = &offer.section;
        let says = |key: &str, word: &str| {
            read::text_at(section, key).is_some_and(|said| said.value == word)
        };
        if !(says("mode", "kraft") && says("process", "controller")) {
            return None;
        }
        let port = read::number_at(section, "controller_port")?.value;
        let member_port = read::number_at(section, "member_port")?.value;
        Some(Self { offer, port, member_port })
    }

    /// Returns the name that they answer to.
    pub(super) fn cluster(&self) -> String {
        format!("{}/{}", self.offer.cluster, self.offer.instance)
    }

    /// Returns the id and the host of each.
    pub(super) fn nodes(&self) -> &'a [(u32, String)] {
        &self.offer.nodes
    }

    /// Returns `host:port,…`, by id.
    pub(super) fn endpoints(&self) -> String {
        let mut nodes: Vec<&(u32, String)> = self.nodes().iter().collect();
        nodes.sort();
        let endpoint = |(_, host): &(u32, String)| format!("{}:{}", bracketed(host), self.port);
        nodes.into_iter().map(endpoint).collect::<Vec<_>>().join(",")
    }
}
