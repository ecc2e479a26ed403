//! The private DNS zone that keeps the nodes' names.

use crate::model::{Aws, HostedZone, Identity, Role};
use crate::source::Spanned;

/// The zone of the nodes' names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names<'a> {
    pub domain: &'a str,
    /// Where it comes from.
    pub zone: &'a HostedZone,
    /// What it is for, where it is made.
    pub comment: String,
}

/// Returns the zone; `None` where nodes are not reached under names of their own.
pub(super) fn names<'a>(role: &'a Role, aws: &'a Aws) -> Option<Names<'a>> {
    if role.identity.value != Identity::Pinned {
        return None;
    }
    let mut nodes = role.nodes.iter();
    let domain = nodes.find_map(|node| domain_of(&node.name.value, node.address.as_ref()?))?;
    let comment = format!("Nodes of {}", role.cluster.value);
    Some(Names { domain, zone: &aws.hosted_zone.value, comment })
}

/// Returns the domain of a node that is reached under its own name.
fn domain_of<'a>(name: &str, address: &'a Spanned<String>) -> Option<&'a str> {
    address.value.strip_prefix(name)?.strip_prefix('.')
}
