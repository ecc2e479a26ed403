//! What etcd, ZooKeeper and Kafka are on one node: containers, tasks, files and kernel settings.
//!
//! One file or folder per service, each knowing its image's contract and its protocol and none of the others.
//! Operating systems and output formats are not known here.

mod etcd;
mod kafka;
mod member;
mod relations;
#[cfg(test)]
mod sample;
mod zookeeper;

use crate::diagnostic::Diagnostics;
use crate::model::{Parts, Role};

use member::Member;

/// Reports every relation between a role's values that makes its services impossible or wrong.
pub fn validate(cluster: &Role, diags: &mut Diagnostics) {
    relations::validate(cluster, diags);
    if let Some(etcd) = &cluster.etcd {
        etcd::validate(etcd, cluster, diags);
    }
    if let Some(zookeeper) = &cluster.zookeeper {
        zookeeper::validate(zookeeper, cluster, diags);
    }
    if let Some(kafka) = &cluster.kafka {
        kafka::validate(kafka, cluster, diags);
    }
}

/// Returns what the services of the node at `position` (from 0) consist of, in the order they start.
///
/// Holds for clusters in which [`validate`] found no error; a position without a node has no parts.
#[must_use]
pub fn expand(cluster: &Role, position: usize) -> Parts {
    let mut parts = Parts::default();
    let Some(member) = Member::of(cluster, position) else { return parts };
    if let Some(etcd) = &cluster.etcd {
        etcd::expand(etcd, member, &mut parts);
    }
    if let Some(zookeeper) = &cluster.zookeeper {
        zookeeper::expand(zookeeper, member, &mut parts);
    }
    if let Some(kafka) = &cluster.kafka {
        kafka::expand(kafka, member, &mut parts);
    }
    parts
}
