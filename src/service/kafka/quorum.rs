//! The controllers of a KRaft cluster: who they are, and where.

use super::super::member::host;
use super::broker::controllers;
use crate::model::{Node, Role};

/// The controllers of a cluster.
#[derive(Clone, Copy)]
pub(super) struct Quorum<'a> {
    pub(super) port: u16,
    pub(super) role: &'a Role,
}

impl<'a> Quorum<'a> {
    /// Returns the nodes of the lowest ids: the order of lines in a profile is nobody's vote.
    fn nodes(self) -> impl Iterator<Item = (&'a Node, String)> {
        let mut nodes: Vec<&Node> = self.role.nodes.iter().collect();
        nodes.sort_by_key(|node| node.id.value);
        nodes.truncate(controllers(nodes.len()));
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
