//! Properties of a Kafka cluster by name: the brokers' and each topic's.

use super::super::broker::Kafka;
use crate::source::Span;

/// A property that is written somewhere.
#[derive(Clone, Debug)]
pub(super) struct Setting<'a> {
    /// Whose it is, as in "topic `events`".
    pub(super) of: String,
    /// Its value on the first node.
    pub(super) value: &'a str,
    /// Where the value is written.
    pub(super) span: Span,
}

/// Returns a property wherever it is written.
pub(super) fn settings<'a>(kafka: &'a Kafka, name: &str) -> Vec<Setting<'a>> {
    let broker = kafka.config.get(name).and_then(|value| {
        let of = "kafka".to_owned();
        Some(Setting { of, value: value.value.on(0).plain()?, span: value.span })
    });
    let topics = kafka.topics.iter().filter_map(|topic| {
        let value = topic.config.get(name)?;
        let of = format!("topic `{}`", topic.name.value);
        Some(Setting { of, value: &value.value, span: value.span })
    });
    broker.into_iter().chain(topics).collect()
}

/// Tells whether Kafka reads a value as true.
pub(super) fn is_true(value: &str) -> bool {
    value.trim().eq_ignore_ascii_case("true")
}
