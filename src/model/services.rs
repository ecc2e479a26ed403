//! The services cfgbuild knows: what a profile may say of each, valid.

use std::collections::BTreeMap;

use super::container::Image;
use super::text::{PerNode, Text};
use crate::source::{Span, Spanned};

/// An etcd member on every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etcd {
    /// Where the section is written.
    pub span: Span,
    /// Image.
    pub image: Spanned<Image>,
    /// How the members find each other the first time.
    pub bootstrap: Spanned<Bootstrap>,
    /// Volume of its data; `/var/lib/etcd` on the root disk where `None`.
    pub volume: Option<Spanned<String>>,
    /// Port of clients.
    pub client_port: Spanned<u16>,
    /// Port of peers.
    pub peer_port: Spanned<u16>,
    /// Further flags without `--`, by name.
    pub config: BTreeMap<String, Spanned<PerNode<Text>>>,
}

/// How etcd members find each other the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bootstrap {
    /// The v2 protocol: a token as a URL, etcd up to 3.6.
    DiscoveryV2 {
        /// Full URL with the token.
        url: String,
    },
    /// The v3 protocol: a token and endpoints, etcd from 3.6.
    DiscoveryV3 {
        /// The token.
        token: String,
        /// Client URLs of the etcd that serves it.
        endpoints: Vec<String>,
    },
    /// The list of members, baked in.
    Static,
}

/// A ZooKeeper server on every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zookeeper {
    /// Where the section is written.
    pub span: Span,
    /// Image.
    pub image: Spanned<Image>,
    /// Volume of snapshots and myid; the root disk where `None`.
    pub volume: Option<Spanned<String>>,
    /// Volume of the transaction log; beside the snapshots where `None`.
    pub log_volume: Option<Spanned<String>>,
    /// JVM heap in MiB.
    pub heap_mib: Spanned<u64>,
    /// Port of clients.
    pub client_port: Spanned<u16>,
    /// Port of followers.
    pub peer_port: Spanned<u16>,
    /// Port of elections.
    pub election_port: Spanned<u16>,
    /// Port of the admin server.
    pub admin_port: Spanned<u16>,
    /// Port of the Prometheus provider.
    pub metrics_port: Spanned<u16>,
    /// Hours between purges of old snapshots.
    pub autopurge_hours: Spanned<u32>,
    /// Further lines of `zoo.cfg`.
    pub config: BTreeMap<String, Spanned<PerNode<Text>>>,
}

/// A Kafka broker on every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kafka {
    /// Where the section is written.
    pub span: Span,
    /// Image.
    pub image: Spanned<Image>,
    /// Where metadata lives.
    pub mode: Spanned<KafkaMode>,
    /// Volume of the log; the root disk where `None`.
    pub volume: Option<Spanned<String>>,
    /// JVM heap in MiB.
    pub heap_mib: Spanned<u64>,
    /// Port of the listener for clients and brokers.
    pub port: Spanned<u16>,
    /// Broker properties, dotted names as in `server.properties`.
    pub config: BTreeMap<String, Spanned<PerNode<Text>>>,
    /// Topics made once the brokers are up.
    pub topics: Vec<Topic>,
}

impl Kafka {
    /// Returns how many of a role's nodes, from the first, are controllers of a KRaft quorum.
    ///
    /// Three, as Kafka's manual recommends, and one where three cannot be had: a second would only add a way
    /// to lose the majority. Nodes after the third are brokers alone, so that a cluster grows without a change
    /// to its voters.
    pub fn controllers(nodes: usize) -> usize {
        if nodes >= 3 { 3 } else { nodes.min(1) }
    }
}

/// Where a broker keeps its metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KafkaMode {
    /// In ZooKeeper, up to Kafka 3.9.
    Zookeeper {
        /// `host:port` of every server.
        connect: Vec<Spanned<String>>,
        /// Path below which this cluster lives, with its slash; may be empty.
        chroot: String,
        /// Whether the servers are on the same nodes.
        local: bool,
        /// The role whose nodes they are, where that is another one.
        role: Option<Spanned<String>>,
    },
    /// In its own quorum: the first nodes are controllers as well as brokers, see [`Kafka::controllers`].
    Kraft {
        /// 22 characters of base64url.
        cluster_id: String,
        /// Port of controllers.
        controller_port: Spanned<u16>,
    },
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its name.
    pub name: Spanned<String>,
    /// Number of partitions.
    pub partitions: Spanned<u32>,
    /// Copies of each.
    pub replication_factor: Spanned<u32>,
    /// Properties of the topic.
    pub config: BTreeMap<String, Spanned<String>>,
}
