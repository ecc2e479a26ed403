//! etcd or ZooKeeper has more than seven members.
//!
//! # Why
//! Each write waits for a majority of the members, and the leader sends each write to all of them: more members make
//! the service slower, and none of them adds capacity. Seven survive the loss of three.
//!
//! # Fix
//! Run the service on a role of its own with three, five or seven nodes, and let the others use it:
//! `kafka.zookeeper.role` names the role of an ensemble.

use super::quorum::ensembles;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

/// Most members that are of use.
const MOST: usize = 7;

pub(super) const CHECK: Check =
    Check { code: "quorum-too-large", source: include_str!("quorum_too_large.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for quorum in ensembles(facts).iter().filter(|quorum| quorum.members.len() > MOST) {
        let (service, count) = (quorum.service, quorum.members.len());
        let title = format!("{service} has {count} members, and each write waits for a majority");
        let label = format!("more than {MOST} slow it down");
        let place = facts.role.counted();
        diags.report(
            Diagnostic::warning(CHECK.code, place, title, label)
                .related(quorum.span, "every node is a member")
                .help(format!(
                    "set `cluster.nodes` to {MOST} or less, or move {service} to a role of its own"
                ))
                .edit(Edit::replace(place, count.to_string(), MOST.to_string())),
        );
    }
}
