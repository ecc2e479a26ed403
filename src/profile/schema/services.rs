//! The sections of the services cfgbuild knows.

use super::grammar::Section;
use super::types::{Bare, Field, Key, Type, field};

/// etcd.
pub const ETCD: Section = Section {
    word: "etcd",
    keys: ETCD_KEYS,
    doc: "An etcd member on every node.",
    defaults: include_str!("etcd.yaml"),
};

const ETCD_KEYS: &[Field] = &[
    field("image", Type::Text, "Image, with its tag."),
    field(
        "bootstrap",
        Type::Word(&["auto", "discovery", "static"]),
        "How members find each other the first time; `auto`: by token if there is one.",
    ),
    field("discovery", Type::Url, "v2 discovery URL with its token (etcd up to 3.6)."),
    field("discovery_token", Type::Text, "v3 discovery token (etcd from 3.6)."),
    field(
        "discovery_endpoints",
        Type::List(&Type::Url),
        "Client URLs of the etcd that serves the v3 token.",
    ),
    field("volume", Type::Name, "Volume of the data."),
    field("client_port", Type::Port, "Port of clients."),
    field("peer_port", Type::Port, "Port of peers."),
    field(
        "config",
        Type::Map(Key::Name, &Type::HostText),
        "Further flags, without their dashes; they win over the generated ones.",
    ),
];

/// ZooKeeper.
pub const ZOOKEEPER: Section = Section {
    word: "zookeeper",
    keys: ZOOKEEPER_KEYS,
    doc: "A ZooKeeper server on every node.",
    defaults: include_str!("zookeeper.yaml"),
};

const ZOOKEEPER_KEYS: &[Field] = &[
    field("image", Type::Text, "Image, with its tag."),
    field("volume", Type::Name, "Volume of snapshots and myid."),
    field(
        "log_volume",
        Type::Name,
        "Volume of the transaction log; beside the snapshots where left out.",
    ),
    field("heap", Type::Bytes, "JVM heap."),
    field("client_port", Type::Port, "Port of clients."),
    field("peer_port", Type::Port, "Port of followers."),
    field("election_port", Type::Port, "Port of elections."),
    field("admin_port", Type::Port, "Port of the admin server."),
    field("metrics_port", Type::Port, "Port of the Prometheus provider."),
    field("autopurge_hours", Type::Integer(1, 8_760), "Hours between purges of old snapshots."),
    field("config", Type::Map(Key::Text, &Type::NodeText), "Further lines of zoo.cfg."),
];

/// Kafka.
pub const KAFKA: Section = Section {
    word: "kafka",
    keys: KAFKA_KEYS,
    doc: "A Kafka broker on every node.",
    defaults: include_str!("kafka.yaml"),
};

const KAFKA_KEYS: &[Field] = &[
    field("image", Type::Text, "Image, with its tag."),
    field("mode", Type::Word(&["zookeeper", "kraft"]), "Where metadata lives."),
    field(
        "zookeeper",
        Type::Record(KAFKA_ZOOKEEPER),
        "The ZooKeeper this cluster uses; the nodes' own where left out.",
    ),
    field(
        "cluster_id",
        Type::Text,
        "Id of a KRaft cluster, 22 characters; derived from the cluster's name where left out.",
    ),
    field("volume", Type::Name, "Volume of the log."),
    field("heap", Type::Bytes, "JVM heap."),
    field("port", Type::Port, "Port of clients and brokers."),
    field("controller_port", Type::Port, "Port of KRaft controllers."),
    field(
        "config",
        Type::Map(Key::Text, &Type::HostText),
        "Broker properties, named as in server.properties.",
    ),
    field(
        "topics",
        Type::Named(Key::Name, &Type::Record(TOPIC), Bare::May),
        "Topics made once the brokers are up.",
    ),
];

const KAFKA_ZOOKEEPER: &[Field] = &[
    field("role", Type::Role, "The role whose nodes are the ensemble."),
    field(
        "connect",
        Type::List(&Type::Text),
        "HOST:PORT of every server, for an ensemble that no role describes.",
    ),
    field("chroot", Type::Text, "Path below which this cluster lives, as `/kafka`."),
];

const TOPIC: &[Field] = &[
    field("partitions", Type::Integer(1, 200_000), "Number of partitions."),
    field("replication_factor", Type::Integer(1, 32_767), "Copies of each partition."),
    field("config", Type::Map(Key::Text, &Type::Text), "Properties of the topic."),
];
