//! The services that decide by majority: who votes, and where that is written.

use crate::check::Facts;
use crate::model::Node;
use crate::source::Span;

/// A service that stops once less than a majority of its voters is there.
#[derive(Clone, Debug)]
pub(super) struct Quorum<'a> {
    /// What it is called to people.
    pub(super) service: &'static str,
    /// Who votes.
    pub(super) members: Vec<&'a Node>,
    /// Whether every node of the role does.
    pub(super) everyone: bool,
    /// Where it is asked for.
    pub(super) span: Span,
}

/// Returns the quorums of a role, those of which every node is a member first.
pub(super) fn quorums<'a>(facts: &Facts<'a>) -> Vec<Quorum<'a>> {
    let declared = facts.services.all.iter().filter_map(|one| one.declared.quorum.as_ref());
    let mut found: Vec<Quorum<'a>> = declared
        .map(|quorum| {
            let nodes = facts.role.nodes.iter();
            let voters = nodes.filter(|node| quorum.voters.contains(&node.name.value));
            Quorum {
                service: quorum.service,
                members: voters.collect(),
                everyone: quorum.everyone,
                span: quorum.span,
            }
        })
        .collect();
    found.sort_by_key(|quorum| !quorum.everyone);
    found
}

/// Returns the quorums that every node of a role is a member of.
pub(super) fn ensembles<'a>(facts: &Facts<'a>) -> Vec<Quorum<'a>> {
    let mut found = quorums(facts);
    found.retain(|quorum| quorum.everyone);
    found
}
