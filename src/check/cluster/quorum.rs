//! The services that decide by majority: who votes, and where that is written.

use crate::model::{Kafka, KafkaMode, Node, Role};
use crate::source::{Sources, Span};

/// A service that stops once less than a majority of its members is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quorum<'a> {
    /// What it is called to people.
    pub(super) service: &'static str,
    /// Who votes.
    pub(super) members: &'a [Node],
    /// Where it is asked for.
    pub(super) span: Span,
}

/// Returns the quorums of a role.
pub(super) fn quorums(cluster: &Role) -> Vec<Quorum<'_>> {
    let nodes = cluster.nodes.as_slice();
    let mut found = ensembles(cluster);
    if let Some(kafka) = &cluster.kafka
        && let KafkaMode::Kraft { .. } = kafka.mode.value
    {
        let members = nodes.get(..Kafka::controllers(nodes.len())).unwrap_or(nodes);
        found.push(Quorum { service: "KRaft", members, span: kafka.mode.span });
    }
    found
}

/// Returns the quorums that every node of a role is a member of.
pub(super) fn ensembles(cluster: &Role) -> Vec<Quorum<'_>> {
    let members = cluster.nodes.as_slice();
    let etcd = cluster.etcd.iter().map(|etcd| ("etcd", etcd.span));
    let zookeeper = cluster.zookeeper.iter().map(|zookeeper| ("ZooKeeper", zookeeper.span));
    etcd.chain(zookeeper).map(|(service, span)| Quorum { service, members, span }).collect()
}

/// Returns how many of `members` must agree.
pub(super) fn majority(members: usize) -> usize {
    members / 2 + 1
}

/// Returns where the number of nodes is written.
pub(super) fn counted(cluster: &Role) -> Span {
    cluster.nodes.last().map_or(Sources::NOWHERE, |node| node.name.span)
}
