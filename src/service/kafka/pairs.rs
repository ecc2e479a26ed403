//! Settings that a broker holds against each other as it starts: it ends where they do not fit.

use super::broker::Kafka;
use super::known;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

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
const EACH: [(&str, f64); 1] = [("log.cleaner.threads", 1_048_577.0)];

/// Reports settings of which each is taken, and both together are not.
pub(super) fn validate(kafka: &Kafka, diags: &mut Diagnostics) {
    let brokers = known::brokers(kafka);
    let number = |name| brokers.number(&kafka.config, name, 0);
    let place = |name| kafka.config.get(name).map(|value| value.span);
    for (lesser, greater) in PAIRS {
        let Some((low, high)) = number(lesser).zip(number(greater)) else { continue };
        let each = EACH.iter().find(|(name, _)| *name == lesser).map(|(_, each)| *each);
        let least = low * each.unwrap_or(1.0);
        // no bound at all
        let unbound = greater == "queued.max.request.bytes" && high <= 0.0;
        let said = place(greater).or(place(lesser)).filter(|_| least > high && !unbound);
        let Some(at) = said else { continue };
        let title = match each {
            None => format!("`{lesser}` ({low}) is more than `{greater}` ({high})"),
            Some(each) => {
                format!("`{greater}` ({high}) is less than {each} for each of `{lesser}`")
            }
        };
        let mut found = Diagnostic::error(
            "kafka-settings-contradict",
            at,
            title,
            "the broker does not start with both",
        );
        if let Some(other) = place(lesser).filter(|span| *span != at) {
            found = found.related(other, "this is the other");
        }
        found = match place(greater) {
            Some(_) => found
                .help(format!("set `{greater}` to {least} at least, or lower `{lesser}`"))
                .edit(Edit::write(at, least.to_string())),
            None => found.help(format!(
                "lower `{lesser}`, or set `{greater}`, which is {high} where nobody sets it"
            )),
        };
        // which of the two is meant is for its author to say
        diags.report(found.choice());
    }
    // it asks for exceptions, and ends where there are none
    let closed = ["max.connections.per.ip"].into_iter().find(|name| number(name) == Some(0.0));
    if let Some((name, span)) = closed.zip(closed.and_then(place))
        && place("max.connections.per.ip.overrides").is_none()
    {
        let title = format!("`{name}` is 0, and no address is excepted: nobody could connect");
        diags.report(
            Diagnostic::error(
                "kafka-settings-contradict",
                span,
                title,
                "the broker does not start with it",
            )
            .help("set `max.connections.per.ip.overrides`, or remove it: nobody is counted then")
            .edit(Edit::remove(span))
            .choice(),
        );
    }
    for name in ["log.retention.ms", "log.retention.minutes", "log.retention.hours", "log.roll.ms"]
    {
        let zero = number(name).is_some_and(|number| number.abs() < 0.5);
        if let Some(span) = place(name).filter(|_| zero) {
            diags.report(
                Diagnostic::error(
                    "kafka-settings-contradict",
                    span,
                    format!("`{name}` is 0: nothing would be kept for a moment"),
                    "the broker does not start with it",
                )
                .help("set it to the time that is meant; a retention of -1 keeps all"),
            );
        }
    }
}
