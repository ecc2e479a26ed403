//! The settings of brokers, topics and quotas, as Kafka's own jars define them.
//!
//! `tests/reference/settings` asks them, writes the tables, and holds both to each other.

use crate::settings::{Table, Version};

const OLDEST: Version = (3, 7);
const NEWEST: Version = (4, 3);

/// What `server.properties` holds.
pub(super) static BROKER: Table =
    Table::new("kafka-broker-settings", OLDEST, NEWEST, include_str!("broker.tsv"));

/// What a topic may have of its own.
pub(super) static TOPIC: Table =
    Table::new("kafka-topic-settings", OLDEST, NEWEST, include_str!("topic.tsv"));

/// What is set for users, clients and addresses, while brokers run.
pub(super) static QUOTA: Table =
    Table::new("kafka-quotas", OLDEST, NEWEST, include_str!("quota.tsv"));

/// Beginnings of names that something else than the broker itself reads: plug-ins by these prefixes, vendors' brokers.
pub(super) const READ_BY_OTHERS: &[&str] = &[
    "allow.everyone.if.no.acl.found",
    "config.providers",
    "confluent.",
    "cruise.control.",
    "kafka.metrics.",
    "listener.name.",
    "rlmm.config.",
    "rsm.config.",
    "super.users",
];
