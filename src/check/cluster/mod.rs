//! Checks of the cluster: identities, quorums, replication, ports, images, secrets, reboots.

mod image_tag_floating;

use super::{Check, Facts};

/// The checks of this room, in the order of their names.
pub(super) const CHECKS: &[Check] = &[image_tag_floating::CHECK];

/// Returns every container of the role once: what services expand into on the first node, then the profile's own.
fn containers<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a crate::cluster::Container> {
    let parts = facts.parts.first().map(|parts| parts.containers.as_slice()).unwrap_or_default();
    parts.iter().chain(&facts.cluster.containers)
}
