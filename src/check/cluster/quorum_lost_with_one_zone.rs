//! The majority of etcd, ZooKeeper or the KRaft controllers is gone when one availability zone is.
//!
//! An error where the nodes are in three zones or more, for then a better spread is there to be had; a warning where
//! they are in two, for then none is. Nothing is said of nodes in one zone, or whose zones are not known.
//!
//! # Why
//! A zone is what fails as a whole. A service that decides by majority stops when the zone with most of its members
//! does, and the machines in the other zones cannot help.
//!
//! # Fix
//! Spread the members evenly over three zones: `cluster.zones: [a, b, c]` lets the nodes take turns. The controllers of
//! a KRaft cluster are its first three nodes in the order written.

use std::collections::{BTreeMap, BTreeSet};

use super::quorum::{Quorum, quorums};
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Node, Role, majority};
use crate::source::{Edit, Span, Spanned};

pub(super) const CHECK: Check = Check {
    code: "quorum-lost-with-one-zone",
    source: include_str!("quorum_lost_with_one_zone.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let all: Vec<&Node> = facts.role.nodes.iter().collect();
    let available = by_zone(&all).map_or(0, |zones| zones.len());
    if available < 2 {
        return;
    }
    for quorum in quorums(facts).iter().filter(|quorum| quorum.members.len() > 1) {
        report(quorum, available, facts.role, diags);
    }
}

fn report(quorum: &Quorum<'_>, available: usize, role: &Role, diags: &mut Diagnostics) {
    let Some(zones) = by_zone(&quorum.members) else { return };
    let Some((zone, inside)) = zones.into_iter().max_by_key(|(_, nodes)| nodes.len()) else {
        return;
    };
    let count = quorum.members.len();
    let (rest, needed) = (count - inside.len(), majority(count));
    let Some(last) = inside.last().filter(|_| rest < needed) else { return };
    let service = quorum.service;
    let title = format!("{service} stops when zone `{zone}` does: {rest} of {count} members stay");
    let label = format!("{} of {count} members are here", inside.len());
    let found = if available >= 3 {
        Diagnostic::error(CHECK.code, last.span, title, label)
    } else {
        Diagnostic::warning(CHECK.code, last.span, title, label)
    };
    let mut found = found.related(quorum.span, format!("a majority of {count} is {needed}"));
    for other in inside.iter().rev().skip(1).take(3).filter(|other| other.span != last.span) {
        found = found.related(other.span, "and here");
    }
    let controllers = if quorum.everyone { "the nodes" } else { "the first three nodes" };
    let pinned = role.nodes.iter().filter(|node| node.zone.is_some()).count();
    if available >= 3 && pinned == role.nodes.len() && count % 2 == 1 {
        diags.report(found.help(format!("put {controllers} into three different zones")));
        return;
    }
    found = found.help(if available >= 3 && count.is_multiple_of(2) {
        let (fewer, more) = ((count - 1).max(3), count + 1);
        format!("set `cluster.nodes` to {fewer} or {more}: an even number has no zone to spare")
    } else {
        format!(
            "put {controllers} into three zones, an odd number of them: `cluster.zones: [a, b, c]`"
        )
    });
    // nodes that take turns are told their zones by one list
    let places: BTreeSet<Span> = inside.iter().map(|zone| zone.span).collect();
    if places.len() < inside.len() && count % 2 == 1 {
        found = found.edit(Edit::set(["cluster", "zones"], "[a, b, c]"));
    }
    diags.report(found);
}

/// Where nodes' zones are written, by zone.
type Zones<'a> = BTreeMap<&'a str, Vec<&'a Spanned<String>>>;

/// Returns where the zone of each node is written, by zone; `None` where one is not known.
fn by_zone<'a>(nodes: &[&'a Node]) -> Option<Zones<'a>> {
    let mut zones: Zones<'_> = BTreeMap::new();
    for node in nodes {
        let zone = node.zone.as_ref()?;
        zones.entry(zone.value.as_str()).or_default().push(zone);
    }
    Some(zones)
}
