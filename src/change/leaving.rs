//! A node that goes has left before: what it held is elsewhere, and nobody counts on its vote.

use std::collections::BTreeSet;

use super::base::{Base, listed};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::output::described::Described;

pub(super) const CODE: &str = "node-not-left";

pub(super) fn check(base: &Base, after: &Described, role: &Role, diags: &mut Diagnostics) {
    // another cluster is another one's nodes; and where nothing keeps anything, nobody misses a node
    if base.role.cluster != after.cluster || base.role.services.is_empty() {
        return;
    }
    let there: BTreeSet<&str> = after.nodes.iter().map(|node| node.name.as_str()).collect();
    let gone = base.role.nodes.iter().filter(|node| !there.contains(node.name.as_str()));
    let gone: Vec<&str> =
        gone.filter(|node| !node.leaving).map(|node| node.name.as_str()).collect();
    if gone.is_empty() {
        return;
    }
    let services: Vec<&str> = base.role.services.iter().map(|it| it.name.as_str()).collect();
    let (who, has) = (listed(&gone), if gone.len() == 1 { "has" } else { "have" });
    let title = format!("{who} would be gone, and {has} not left");
    let label = format!("{} had {}", base.place, if gone.len() == 1 { "it" } else { "them" });
    let place = role.nodes.first().map_or(role.cluster.span, |node| node.name.span);
    diags.report(Diagnostic::error(CODE, place, title, label).help(format!(
        "keep {who} and say `cluster.leaving: [{}]`, build and deploy that, and go through `cfgbuild goodbye {} {}`, \
         which says how {} lets go; where nothing of it runs, `--accept {CODE}`",
        gone.join(", "),
        role.name,
        gone.first().copied().unwrap_or_default(),
        services.join(" and "),
    )));
}
