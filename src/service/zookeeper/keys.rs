//! The keys of a ZooKeeper in a profile, and what it says where a profile does not.

use super::super::container::{BINDS, ENV, MEMORY, SECRETS, ULIMITS};
use super::super::jvm::JVM;
use super::super::seat::{BIRTH, MEMBER_PORT};
use super::tables;
use crate::profile::schema::{Field, Key, Section, Type, field};

pub(super) const SECTION: Section = Section {
    word: "zookeeper",
    keys: KEYS,
    doc: "A ZooKeeper server on every node.",
    defaults: include_str!("defaults.yaml"),
};

const KEYS: &[Field] = &[
    field("image", Type::Text, "Image, with its tag."),
    field(
        "version",
        Type::Version,
        "Version of ZooKeeper in the image, where its tag does not say it.",
    ),
    field("volume", Type::Name, "Volume of snapshots and myid."),
    field(
        "log_volume",
        Type::Name,
        "Volume of the transaction log; beside the snapshots where left out.",
    ),
    field("heap", Type::Bytes, "JVM heap."),
    JVM,
    MEMORY,
    field("client_port", Type::Port, "Port of clients."),
    field("peer_port", Type::Port, "Port of followers."),
    field("election_port", Type::Port, "Port of elections."),
    MEMBER_PORT,
    BIRTH,
    field("admin_port", Type::Port, "Port of the admin server."),
    field("metrics_port", Type::Port, "Port of the Prometheus provider."),
    field("autopurge_hours", Type::Integer(1, 8_760), "Hours between purges of old snapshots."),
    field(
        "config",
        Type::Settings(Key::Text, &Type::NodeText, || &tables::SETTINGS),
        "Further lines of zoo.cfg.",
    ),
    ENV,
    SECRETS,
    BINDS,
    ULIMITS,
];
