//! Checks that only a Kafka needs.

mod kafka_auto_create_topics;
mod kafka_cluster_id_shared;
mod kafka_controllers_shared;
mod kafka_ensemble_shared;
mod kafka_heap_exceeds_instance;
mod kafka_heap_large;
mod kafka_message_too_large;
mod kafka_min_isr_equals_replication;
mod kafka_min_isr_one;
mod kafka_on_instance_store;
mod kafka_replication_one;
mod kafka_retention_exceeds_volume;
mod kafka_setting_unsafe;
mod kafka_unclean_election;
mod quorum_single;
mod replicated;
mod written;

use super::super::kind::Check;

/// All of them, in the order of their names.
pub(super) const CHECKS: &[Check] = &[
    kafka_auto_create_topics::CHECK,
    kafka_cluster_id_shared::CHECK,
    kafka_controllers_shared::CHECK,
    kafka_ensemble_shared::CHECK,
    kafka_heap_exceeds_instance::CHECK,
    kafka_heap_large::CHECK,
    kafka_message_too_large::CHECK,
    kafka_min_isr_equals_replication::CHECK,
    kafka_min_isr_one::CHECK,
    kafka_on_instance_store::CHECK,
    kafka_replication_one::CHECK,
    kafka_retention_exceeds_volume::CHECK,
    kafka_setting_unsafe::CHECK,
    kafka_unclean_election::CHECK,
    quorum_single::CHECK,
];
