//! The brokers of two roles have one role's controllers.
//!
//! # Why
//! They are one cluster, and neither role knows the other. A broker whose disk is lost asks the brokers of its own role
//! whether they have data before it starts empty: where those of another role have some, and are away for a moment, it
//! would be made the leader of what it has lost, and they would throw their records away. The ids of brokers and the
//! factors of replication are counted within a role, too.
//!
//! # Fix
//! Put the brokers in one role. For a second cluster write a second role of controllers.

use super::super::broker::Kafka;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};

pub(super) const CHECK: Check = Check {
    code: "kafka-controllers-shared",
    source: include_str!("kafka_controllers_shared.rs"),
    run,
};

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::of(seen) else { return };
    for taken in seen.taken(CHECK.code, &kafka.path) {
        if taken.is_family {
            continue;
        }
        let title = format!("{} has the same controllers", taken.whose(seen.role));
        let found = Diagnostic::error(
            CHECK.code,
            taken.span,
            title,
            "one cluster, whose brokers do not know each other",
        );
        diags.report(
            taken.shown(found).help(
                "put all of its brokers in one role, or write other controllers for the other",
            ),
        );
    }
}
