//! A cluster of several brokers keeps a topic on one of them only.
//!
//! # Why
//! While that broker reboots, the topic can be neither read nor written, and with its disk the messages are gone. Kafka
//! makes its own topics once, at first use, so a factor of 1 that is copied from a quick start stays for good: consumer
//! groups then stop whenever the one broker with their offsets does.
//!
//! # Fix
//! Set the replication factor to 3, or to 2 where there are two brokers; left out, cfgbuild chooses that.

use super::super::broker::Kafka;
use super::replicated::replicated;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "kafka-replication-one", source: include_str!("kafka_replication_one.rs"), run };

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::brokers(seen) else { return };
    let brokers = seen.role.nodes.len();
    if brokers < 2 {
        return;
    }
    for kept in replicated(seen.role, kafka) {
        let Some(place) = kept.factor.span.filter(|_| kept.factor.value == 1) else { continue };
        let title = format!("{} has one copy, though there are {brokers} brokers", kept.what);
        let enough = brokers.min(3);
        diags.report(
            Diagnostic::warning(CHECK.code, place, title, "gone while one broker is")
                .help(format!("set `{}` to {enough}, or remove it", kept.factor_key))
                .edit(Edit::write(place, enough.to_string())),
        );
    }
}
