//! Two Kafka clusters keep their metadata at one path of one ZooKeeper.
//!
//! # Why
//! Brokers register below `/brokers/ids` of the chroot, each under its id. Of two brokers of one id the second never
//! starts; with other ids the two clusters become one, and topics are placed on brokers of both. Two roles with one
//! `cluster.name` and one `cluster.domain` are one cluster, and may share the path.
//!
//! # Fix
//! Give the cluster that does not run yet a path of its own: `kafka.zookeeper.chroot: /NAME`. With another chroot a
//! cluster that runs would forget its topics.

use super::super::broker::Kafka;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};

pub(super) const CHECK: Check =
    Check { code: "kafka-ensemble-shared", source: include_str!("kafka_ensemble_shared.rs"), run };

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::of(seen) else { return };
    for taken in seen.taken(CHECK.code, &kafka.path) {
        let is_here = taken.role == seen.role.name;
        if taken.is_family || taken.is_one_cluster && !is_here {
            continue;
        }
        let name = if is_here { &kafka.name } else { &seen.role.name };
        let title = format!(
            "{} keeps its metadata at the same path of the same ZooKeeper",
            taken.whose(seen.role)
        );
        let found = Diagnostic::error(CHECK.code, taken.span, title, "one path is for one cluster");
        diags.report(taken.shown(found).help(format!(
            "set `{}.zookeeper.chroot: /{name}`, or a chroot of the other: in the one that does not run yet",
            kafka.path
        )));
    }
}
