//! etcd or ZooKeeper has an even number of members.
//!
//! # Why
//! Both decide by majority. Of two members both must be there, so losing either stops the service: two are worse than
//! one. Four survive the loss of one member, as three do, and have one more machine that can be lost.
//!
//! # Fix
//! Set `cluster.nodes` to an odd number: three survive the loss of one, five of two.

use super::quorum::ensembles;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "quorum-even", source: include_str!("quorum_even.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for quorum in ensembles(facts) {
        let (service, count) = (quorum.service, quorum.members.len());
        if count % 2 != 0 {
            continue;
        }
        let place = facts.role.counted();
        let found = if count == 2 {
            let title = format!("{service} has 2 members: losing either one stops it");
            Diagnostic::error(CHECK.code, place, title, "no majority of 2 without both")
        } else {
            let fewer = count - 1;
            let title = format!(
                "{service} has {count} members and survives no more losses than {fewer} do"
            );
            Diagnostic::warning(CHECK.code, place, title, "an even number")
        };
        let (fewer, more) = ((count - 1).max(3), (count + 1).max(5));
        diags.report(
            found
                .related(quorum.span, "every node is a member")
                .help(format!("set `cluster.nodes` to {fewer} or {more}"))
                .edit(Edit::replace(place, count.to_string(), fewer.to_string())),
        );
    }
}
