//! Who may be let in: groups of machines that rules are about. Whoever joins one may do what its rules say.

use crate::model::Role;

use super::rules::{Rule, Source};
use super::tags::{self, Tag};

/// A group of machines that rules are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members {
    pub who: Membership,
    pub purpose: String,
    /// What other stacks are told of it.
    pub shown: &'static str,
    pub tags: Vec<Tag>,
}

/// Which group of machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// The nodes themselves.
    Nodes,
    /// Those that may use the services.
    Clients,
    /// Those that may read the metrics.
    Monitoring,
}

/// Returns the nodes, and those groups that some rule is about.
pub(super) fn members(role: &Role, rules: &[Rule]) -> Vec<Members> {
    let cluster = &role.cluster.value;
    let has = |from: &Source| rules.iter().any(|rule| rule.from == *from);
    let all = [
        (Membership::Nodes, true, format!("Nodes of {cluster}"), "Security group of the nodes"),
        (
            Membership::Clients,
            has(&Source::Clients),
            format!("May use the services of {cluster}"),
            "Security group whose members may use the services",
        ),
        (
            Membership::Monitoring,
            has(&Source::Monitoring),
            format!("May read the metrics of {cluster}"),
            "Security group whose members may read the metrics",
        ),
    ];
    let wanted = all.into_iter().filter(|(_, wanted, _, _)| *wanted);
    wanted
        .map(|(who, _, purpose, shown)| Members {
            who,
            tags: tags::tags(role, &purpose),
            purpose,
            shown,
        })
        .collect()
}
