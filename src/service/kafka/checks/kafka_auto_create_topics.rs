//! `auto.create.topics.enable` is on.
//!
//! # Why
//! Whoever mistypes a topic's name, even by asking for it, makes one, with the broker's defaults instead of the
//! partitions it needs. Such topics come back after they are deleted, as long as one client asks.
//!
//! # Fix
//! Remove the setting; cfgbuild turns it off. Declare the topics in `kafka.topics`: they are made once brokers are up.

use super::super::broker::Kafka;
use super::written::{is_true, settings};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "kafka-auto-create-topics",
    source: include_str!("kafka_auto_create_topics.rs"),
    run,
};

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::brokers(seen) else { return };
    let name = "auto.create.topics.enable";
    for setting in settings(kafka, name).into_iter().filter(|setting| is_true(setting.value)) {
        let title = "kafka makes a topic of every name that a client mistypes";
        diags.report(
            Diagnostic::warning(
                CHECK.code,
                setting.span,
                title,
                "topics come into being by being asked for",
            )
            .help(format!("remove `{name}`, and declare the topics in `{}.topics`", kafka.path))
            .edit(Edit::remove(setting.span)),
        );
    }
}
