//! All copies of a partition must be in step before a write counts.
//!
//! # Why
//! Then the reboot of any one broker stops every write with `acks=all`: an update of the system is an outage, and so is
//! a disk that is slow for a minute.
//!
//! # Fix
//! Keep one copy more than must be in step: a replication factor of 3 with `min.insync.replicas: 2`.

use super::super::broker::Kafka;
use super::replicated::replicated;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "kafka-min-isr-equals-replication",
    source: include_str!("kafka_min_isr_equals_replication.rs"),
    run,
};

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::brokers(seen) else { return };
    for kept in replicated(seen.role, kafka) {
        let factor = kept.factor;
        let Some((minimum, name)) = kept.minimum else { continue };
        if minimum.value != factor.value || factor.value < 2 {
            continue;
        }
        let Some(place) = minimum.span.or(factor.span) else { continue };
        let count = factor.value;
        let title = format!("{} has {count} copies, and writes wait for all {count}", kept.what);
        let mut found =
            Diagnostic::warning(CHECK.code, place, title, "one reboot stops the writes");
        if let Some(span) = factor.span.filter(|span| *span != place) {
            found = found.related(span, format!("{count} copies"));
        }
        // two copies in step of two: a third copy, not one copy in step
        let (key, place, number) = if count > 2 {
            (&name, minimum.span, count - 1)
        } else {
            (&kept.factor_key, factor.span, 3)
        };
        let found = found.help(format!("set `{key}: {number}`"));
        diags.report(match place {
            Some(place) => found.edit(Edit::write(place, number.to_string())),
            None => found,
        });
    }
}
