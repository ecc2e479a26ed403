//! Of three or more copies of a partition, one suffices for a write to count.
//!
//! # Why
//! Such a write may be on one disk alone when the producer is told that it is safe. If that broker dies before the
//! others have caught up, the message is lost, although three copies were paid for.
//!
//! # Fix
//! Set `min.insync.replicas: 2`: writes go on while any one broker is away, and each is on two disks.

use super::super::broker::Kafka;
use super::replicated::replicated;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "kafka-min-isr-one", source: include_str!("kafka_min_isr_one.rs"), run };

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::brokers(seen) else { return };
    for kept in replicated(seen.role, kafka) {
        let factor = kept.factor;
        let Some((minimum, name)) = kept.minimum else { continue };
        let Some(place) = minimum.span.filter(|_| minimum.value == 1 && factor.value >= 3) else {
            continue;
        };
        let title =
            format!("{} has {} copies, and a write counts with one", kept.what, factor.value);
        let mut found = Diagnostic::warning(CHECK.code, place, title, "may be on one disk alone");
        if let Some(span) = factor.span {
            found = found.related(span, format!("{} copies", factor.value));
        }
        diags.report(found.help(format!("set `{name}: 2`")).edit(Edit::write(place, "2")));
    }
}
