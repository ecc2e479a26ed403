//! Settings that a broker holds against each other as it starts: it ends where they do not fit.

use super::broker::Kafka;
use super::known::BROKER;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::settings::Version;
use crate::source::{Edit, Span};

/// The first must not be more than the second: `KafkaConfig.validateValues` and what it calls.
const PAIRS: [(&str, &str); 22] = [
    ("group.consumer.heartbeat.interval.ms", "group.consumer.max.heartbeat.interval.ms"),
    ("group.consumer.min.heartbeat.interval.ms", "group.consumer.heartbeat.interval.ms"),
    ("group.consumer.min.heartbeat.interval.ms", "group.consumer.max.heartbeat.interval.ms"),
    ("group.consumer.min.session.timeout.ms", "group.consumer.max.session.timeout.ms"),
    ("group.consumer.min.session.timeout.ms", "group.consumer.session.timeout.ms"),
    ("group.consumer.session.timeout.ms", "group.consumer.max.session.timeout.ms"),
    ("group.share.delivery.count.limit", "group.share.max.delivery.count.limit"),
    ("group.share.heartbeat.interval.ms", "group.share.max.heartbeat.interval.ms"),
    ("group.share.min.heartbeat.interval.ms", "group.share.heartbeat.interval.ms"),
    ("group.share.min.record.lock.duration.ms", "group.share.record.lock.duration.ms"),
    ("group.share.min.session.timeout.ms", "group.share.session.timeout.ms"),
    ("group.share.record.lock.duration.ms", "group.share.max.record.lock.duration.ms"),
    ("group.share.session.timeout.ms", "group.share.max.session.timeout.ms"),
    ("group.streams.heartbeat.interval.ms", "group.streams.max.heartbeat.interval.ms"),
    ("group.streams.min.heartbeat.interval.ms", "group.streams.heartbeat.interval.ms"),
    ("group.streams.min.session.timeout.ms", "group.streams.session.timeout.ms"),
    ("group.streams.num.standby.replicas", "group.streams.max.standby.replicas"),
    ("group.streams.session.timeout.ms", "group.streams.max.session.timeout.ms"),
    ("replica.fetch.wait.max.ms", "replica.lag.time.max.ms"),
    ("replica.fetch.wait.max.ms", "replica.socket.timeout.ms"),
    ("socket.request.max.bytes", "queued.max.request.bytes"),
    // what is divided among all cleaners: each must have more than 1 MiB
    ("log.cleaner.threads", "log.cleaner.dedupe.buffer.size"),
];

/// What the second counts for one of the first, where that is not one.
const EACH: [(&str, i64); 1] = [("log.cleaner.threads", 1_048_577)];

/// A setting as a broker has it.
struct Has {
    number: i64,
    /// Where the profile says it; the default of its version where it does not.
    span: Option<Span>,
}

/// Reports settings of which each is taken, and both together are not.
pub(super) fn validate(kafka: &Kafka, diags: &mut Diagnostics) {
    let version = kafka.kafka_version().map_or(BROKER.newest, |version| version.value);
    for (lesser, greater) in PAIRS {
        let both = has(kafka, lesser, version).zip(has(kafka, greater, version));
        let Some((low, high)) = both else { continue };
        let each = EACH.iter().find(|(name, _)| *name == lesser).map_or(1, |(_, each)| *each);
        let least = low.number.saturating_mul(each);
        // no bound at all
        let unbound = greater == "queued.max.request.bytes" && high.number <= 0;
        let Some(place) = high.span.or(low.span).filter(|_| least > high.number && !unbound) else {
            continue;
        };
        let title = if each == 1 {
            format!("`{lesser}` ({}) is more than `{greater}` ({})", low.number, high.number)
        } else {
            format!("`{greater}` ({}) is less than {each} for each of `{lesser}`", high.number)
        };
        let mut found = Diagnostic::error(
            "kafka-settings-contradict",
            place,
            title,
            "the broker does not start with both",
        );
        if let Some(other) = low.span.filter(|span| *span != place) {
            found = found.related(other, "this is the other");
        }
        found = match high.span {
            Some(_) => found
                .help(format!("set `{greater}` to {least} at least, or lower `{lesser}`"))
                .edit(Edit::write(place, least.to_string())),
            None => found.help(format!(
                "lower `{lesser}`, or set `{greater}`, which is {} where nobody sets it",
                high.number
            )),
        };
        // which of the two is meant is for its author to say
        diags.report(found.choice());
    }
    for name in ["log.retention.ms", "log.retention.minutes", "log.retention.hours"] {
        let zero = has(kafka, name, version).filter(|it| it.number == 0);
        if let Some(span) = zero.and_then(|it| it.span) {
            diags.report(
                Diagnostic::error(
                    "kafka-settings-contradict",
                    span,
                    format!("`{name}` is 0: records would be gone before they are kept"),
                    "the broker does not start with it",
                )
                .help("set it to -1 to keep all, or to the time that they are kept"),
            );
        }
    }
}

fn has(kafka: &Kafka, name: &str, version: Version) -> Option<Has> {
    let known = BROKER.of(name, Some(version)).next()?;
    let Some(written) = kafka.config.get(name) else {
        return Some(Has { number: known.default.parse().ok()?, span: None });
    };
    let text = written.value.on(0).plain()?.trim();
    Some(Has { number: text.parse().ok()?, span: Some(written.span) })
}
