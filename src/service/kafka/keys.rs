//! The keys of a Kafka in a profile, and what it says where a profile does not.

use super::super::container::{BINDS, ENV, MEMORY, SECRETS, ULIMITS};
use super::super::jvm::JVM;
use super::super::seat::{BIRTH, MEMBER_PORT};
use super::tables;
use crate::profile::schema::{AUDIENCE, Bare, Field, Key, Section, Type, field};

pub(super) const SECTION: Section = Section {
    word: "kafka",
    keys: KEYS,
    doc: "A Kafka broker on every node.",
    defaults: include_str!("defaults.yaml"),
};

const KEYS: &[Field] = &[
    field("image", Type::Text, "Image, with its tag."),
    field(
        "version",
        Type::Version,
        "Version of Kafka in the image, where its tag does not say it.",
    ),
    field("mode", Type::Word(&["zookeeper", "kraft"]), "Where metadata lives."),
    field(
        "zookeeper",
        Type::Record(KAFKA_ZOOKEEPER),
        "The ZooKeeper this cluster uses; the nodes' own where left out.",
    ),
    field(
        "process",
        Type::Word(&["combined", "controller"]),
        "What a node is in KRaft mode: `combined`, a broker and among the lowest ids a controller as well, or a \
         `controller` alone; `combined` where left out.",
    ),
    field(
        "controllers",
        Type::Record(CONTROLLERS),
        "The controllers of these brokers, which other nodes are; among these nodes where left out.",
    ),
    field(
        "cluster_id",
        Type::Text,
        "Id of a KRaft cluster, 22 characters; drawn at its birth where left out.",
    ),
    field("volume", Type::Name, "Volume of the log."),
    field("heap", Type::Bytes, "JVM heap."),
    JVM,
    MEMORY,
    field("port", Type::Port, "Port of clients and brokers."),
    field(
        "listeners",
        Type::Named(Key::Name, &Type::Record(LISTENER), Bare::MustSay),
        "What the brokers listen on, by name; PLAINTEXT on `port` where left out. One of them has `port`.",
    ),
    field("controller_port", Type::Port, "Port of KRaft controllers."),
    MEMBER_PORT,
    BIRTH,
    field(
        "config",
        Type::Settings(Key::Text, &Type::HostText, || &tables::BROKER),
        "Broker properties, named as in server.properties.",
    ),
    ENV,
    SECRETS,
    BINDS,
    ULIMITS,
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

const CONTROLLERS: &[Field] = &[field(
    "role",
    Type::Role,
    "The role whose nodes are the controllers, with `process: controller`.",
)];

const LISTENER: &[Field] = &[
    field("port", Type::Port, "The number."),
    field("auth", Type::Word(&["none"]), "How clients prove who they are; `none` where left out."),
    AUDIENCE,
    field("bind", Type::HostText, "Host it listens on; every address where left out."),
    field(
        "advertise",
        Type::HostText,
        "Host that its clients are sent to; the node's address where left out.",
    ),
];

const TOPIC: &[Field] = &[
    field("partitions", Type::Integer(1, 200_000), "Number of partitions."),
    field("replication_factor", Type::Integer(1, 32_767), "Copies of each partition."),
    field(
        "config",
        Type::Settings(Key::Name, &Type::GuardedText, || &tables::TOPIC),
        "Properties of the topic.",
    ),
];
