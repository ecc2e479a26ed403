//! Two KRaft clusters have one id.
//!
//! # Why
//! The id is Kafka's only guard against a broker or a disk of another cluster: with the same one on both sides a broker
//! that reaches the wrong controllers joins them, and a volume of one is taken by the other. An id that is drawn at
//! the birth of a cluster has no twin; two roles with one `kafka.cluster_id` have.
//!
//! # Fix
//! Remove `kafka.cluster_id` in the cluster that does not run yet: it draws one of its own. The id of one that runs
//! stands on its disks, and must stay.

use super::super::broker::Kafka;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};

pub(super) const CHECK: Check = Check {
    code: "kafka-cluster-id-shared",
    source: include_str!("kafka_cluster_id_shared.rs"),
    run,
};

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::of(seen) else { return };
    for taken in seen.taken(CHECK.code, &kafka.path) {
        // two forms of one cluster
        if taken.is_family && taken.is_one_cluster {
            continue;
        }
        let title = format!("{} has the same cluster id", taken.whose(seen.role));
        let found =
            Diagnostic::warning(CHECK.code, taken.span, title, "nothing else tells them apart");
        diags.report(
            taken.shown(found).help(format!(
                "remove `{}.cluster_id` in the one that does not run yet",
                kafka.path
            )),
        );
    }
}
