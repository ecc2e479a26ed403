//! `unclean.leader.election.enable` is on.
//!
//! # Why
//! A copy that lags behind may then become the leader, and the others throw away what it has not got: messages that
//! producers were told are safe vanish without an error.
//!
//! # Fix
//! Remove the setting; cfgbuild turns it off. Where losing messages is better than waiting for a broker, set it on the
//! topics that this holds for, and allow the finding with that reason.

use super::super::broker::Kafka;
use super::written::{is_true, settings};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "kafka-unclean-election",
    source: include_str!("kafka_unclean_election.rs"),
    run,
};

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::of(seen) else { return };
    let name = "unclean.leader.election.enable";
    for setting in settings(kafka, name).into_iter().filter(|setting| is_true(setting.value)) {
        let title = format!("{} lets a copy that lags behind become the leader", setting.of);
        diags.report(
            Diagnostic::warning(CHECK.code, setting.span, title, "loses messages in silence")
                .help(format!("remove `{name}`, or set it to false"))
                .edit(Edit::remove(setting.span)),
        );
    }
}
