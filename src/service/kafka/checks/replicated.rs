//! What Kafka keeps several copies of: how many, and how many must be in step.
//!
//! Follows the defaults that a broker is configured with where the profile says nothing.

use super::super::broker::{Kafka, Topic};
use crate::model::Role;
use crate::source::Span;

/// Copies that must be in step before a write counts.
pub(super) const MINIMUM: &str = "min.insync.replicas";

/// Factors of a broker: what each is of, and the minimum that belongs to it.
const FACTORS: [(&str, &str, Option<&str>); 4] = [
    ("default.replication.factor", "a topic made without a factor", Some(MINIMUM)),
    ("offsets.topic.replication.factor", "the topic of consumers' offsets", None),
    (
        "transaction.state.log.replication.factor",
        "the log of transactions",
        Some("transaction.state.log.min.isr"),
    ),
    (
        "share.coordinator.state.topic.replication.factor",
        "the state of share groups",
        Some("share.coordinator.state.topic.min.isr"),
    ),
];

/// A number, and where it is written if cfgbuild has not chosen it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    /// The number.
    pub(super) value: u32,
    pub(super) span: Option<Span>,
}

/// Something with copies.
#[derive(Clone, Debug)]
pub(super) struct Replicated {
    /// What it is, as in "topic `events`".
    pub(super) what: String,
    /// Copies.
    pub(super) factor: Count,
    /// How many of them must be in step, and the name of that setting.
    pub(super) minimum: Option<(Count, String)>,
    /// The key that sets the factor.
    pub(super) factor_key: String,
}

/// Returns everything a Kafka cluster keeps copies of.
pub(super) fn replicated(role: &Role, kafka: &Kafka) -> Vec<Replicated> {
    let brokers = u32::try_from(role.nodes.len()).unwrap_or(u32::MAX);
    let broker = FACTORS.iter().map(|(name, what, minimum)| {
        let factor = factor(kafka, name, brokers);
        Replicated {
            what: (*what).to_owned(),
            factor,
            minimum: minimum
                .map(|minimum| (in_step(kafka, minimum, factor.value), minimum.to_owned())),
            factor_key: (*name).to_owned(),
        }
    });
    broker.chain(kafka.topics.iter().map(|topic| of_topic(topic, kafka, brokers))).collect()
}

fn of_topic(topic: &Topic, kafka: &Kafka, brokers: u32) -> Replicated {
    let own = topic.config.get(MINIMUM).and_then(|own| {
        Some(Count { value: own.value.trim().parse().ok()?, span: Some(own.span) })
    });
    let inherited =
        || in_step(kafka, MINIMUM, factor(kafka, "default.replication.factor", brokers).value);
    let name = &topic.name.value;
    Replicated {
        what: format!("topic `{name}`"),
        factor: Count {
            value: topic.replication_factor.value,
            span: Some(topic.replication_factor.span),
        },
        minimum: Some((own.unwrap_or_else(inherited), MINIMUM.to_owned())),
        factor_key: "replication_factor".to_owned(),
    }
}

fn factor(kafka: &Kafka, name: &str, brokers: u32) -> Count {
    number(kafka, name).unwrap_or(Count { value: brokers.min(3), span: None })
}

fn in_step(kafka: &Kafka, name: &str, factor: u32) -> Count {
    number(kafka, name).unwrap_or(Count { value: if factor >= 3 { 2 } else { 1 }, span: None })
}

fn number(kafka: &Kafka, name: &str) -> Option<Count> {
    let written = kafka.config.get(name)?;
    let value = written.value.on(0).plain()?.trim().parse().ok()?;
    Some(Count { value, span: Some(written.span) })
}
