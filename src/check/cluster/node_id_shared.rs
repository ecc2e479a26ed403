//! Two roles of one cluster have a node of the same id.
//!
//! # Why
//! Roles with one `cluster.name` and one `cluster.domain` are one cluster, and the id of a node is its `broker.id`,
//! `node.id` or `myid` there: the second server of an id does not start, or takes the place of the first. Counted nodes
//! have the same names too, and so both machines answer to one address.
//!
//! # Fix
//! Give one of the roles another `cluster.name`; or, if they are to be one cluster, write its nodes with names and ids
//! of their own.

use super::Check;
use crate::check::Facts;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::NODE_ID;

pub(super) const CHECK: Check =
    Check { code: NODE_ID, source: include_str!("node_id_shared.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let role = facts.role;
    for taken in facts.taken.iter().filter(|taken| taken.code == CHECK.code && !taken.is_family) {
        let other = &taken.role;
        let title = format!("role `{other}` too has a node {}", taken.what);
        diags.report(
            taken
                .shown(Diagnostic::error(CHECK.code, taken.span, title, "an id is of one node"))
                .related(role.cluster.span, "this name, with this domain, is one cluster")
                .help(format!(
                    "set `cluster.name` to another name than that of `{other}`, or give the nodes ids of their own"
                )),
        );
    }
}
