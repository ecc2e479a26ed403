//! A message that is let in is too large for what it has to go through.
//!
//! # Why
//! A batch arrives in one request and is written into one segment. A request above `socket.request.max.bytes` ends its
//! connection without an answer, and a batch above the size of a segment is refused: a producer that keeps to the limit
//! it was told never gets it through.
//!
//! # Fix
//! Raise the limit that is too low, or lower the size of messages.

use super::super::broker::Kafka;
use super::super::known;
use super::super::tables::TOPIC;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::source::Span;

pub(super) const CHECK: Check = Check {
    code: "kafka-message-too-large",
    source: include_str!("kafka_message_too_large.rs"),
    run,
};

/// A number, and where it is written; nowhere for a default.
type Number = (f64, Option<Span>);

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::brokers(seen) else { return };
    let brokers = known::brokers(kafka);
    let of_brokers = |name: &str| -> Option<Number> {
        let span = kafka.config.get(name).map(|value| value.span);
        Some((brokers.number(&kafka.config, name, 0)?, span))
    };
    let (Some(request), Some(segment), Some(message)) = (
        of_brokers("socket.request.max.bytes"),
        of_brokers("log.segment.bytes"),
        of_brokers("message.max.bytes"),
    ) else {
        return;
    };
    let through = [("socket.request.max.bytes", request), ("log.segment.bytes", segment)];
    let mut found: Vec<Diagnostic> = Vec::new();
    for (name, limit) in through {
        found.extend(finding("message.max.bytes", message, name, limit));
    }
    for topic in &kafka.topics {
        let own = |name: &str| -> Option<Number> {
            let value = topic.config.get(name)?;
            let number = TOPIC.all(name).last()?.number(&value.value)?;
            Some((number, Some(value.span)))
        };
        let (message_of, segment_of) = (own("max.message.bytes"), own("segment.bytes"));
        let shown = if message_of.is_some() { "max.message.bytes" } else { "message.max.bytes" };
        let most = message_of.unwrap_or(message);
        if message_of.is_some() {
            found.extend(finding(shown, most, "socket.request.max.bytes", request));
        }
        // the brokers' own two are compared once
        if message_of.is_some() || segment_of.is_some() {
            let name = if segment_of.is_some() { "segment.bytes" } else { "log.segment.bytes" };
            found.extend(finding(shown, most, name, segment_of.unwrap_or(segment)));
        }
    }
    for one in found {
        diags.report(one);
    }
}

/// Returns what is wrong where one is more than the other and the profile says one of them.
fn finding(
    message: &str,
    (size, at): Number,
    limit: &str,
    (most, limited_at): Number,
) -> Option<Diagnostic> {
    let span = at.or(limited_at).filter(|_| size > most)?;
    let title = format!("`{message}` lets in {size} bytes, of which `{limit}` takes {most}");
    let found = Diagnostic::warning(CHECK.code, span, title, "never arrives");
    let found = match limited_at.filter(|limited| *limited != span) {
        Some(limited) => found.related(limited, "this is less"),
        None => found,
    };
    Some(found.help(format!("set `{limit}` to {size} or more, or `{message}` to {most} or less")))
}
