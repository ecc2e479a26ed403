//! The logical ids of a template: what its parameters and resources are called in it, and how they are referred to.
//!
//! Users know the parameters by these names, and CloudFormation the resources: another name is another resource.

use crate::model::{HostedZone, Launch};
use crate::plan::{Asked, Group, KeptDisk, Membership, Plan};

use super::expression::Value;

pub(super) const VPC: &str = "Vpc";
pub(super) const IMAGE: &str = "Image";
pub(super) const KEY_PAIR: &str = "KeyPair";
pub(super) const HOSTED_ZONE: &str = "HostedZoneId";
/// Whether a key pair is given.
pub(super) const HAS_KEY_PAIR: &str = "HasKeyPair";
/// The mapping of regions to images.
pub(super) const IMAGES: &str = "Images";
/// The private DNS zone, where it is made.
pub(super) const ZONE: &str = "PrivateZone";
/// What the creation of a stack of pinned nodes waits for.
pub(super) const READY: &str = "Ready";

/// Returns the parameter of something that is asked.
pub(super) fn parameter(plan: &Plan<'_>, asked: Asked) -> String {
    let zone = |index: usize| plan.zones.get(index).map(|zone| zone.id.as_str());
    match asked {
        Asked::Network => VPC.to_owned(),
        Asked::Subnet(index) => format!("Subnet{}", zone(index).unwrap_or_default()),
        Asked::ZoneName(index) => format!("Zone{}", zone(index).unwrap_or_default()),
        Asked::ClientsOf(index) => {
            let peer = plan.peers.get(index).map(|peer| peer.id.as_str());
            format!("{}Clients", peer.unwrap_or_default())
        }
        Asked::HostedZone => HOSTED_ZONE.to_owned(),
        Asked::ImageParameter => IMAGE.to_owned(),
        Asked::KeyPair => KEY_PAIR.to_owned(),
        Asked::Service(parameter) => parameter.name.to_owned(),
    }
}

/// Returns the security group of some machines.
pub(super) fn members(who: Membership) -> &'static str {
    match who {
        Membership::Nodes => "NodeSecurityGroup",
        Membership::Clients => "ClientSecurityGroup",
        Membership::Monitoring => "MonitoringSecurityGroup",
    }
}

/// Returns the id that AWS knows a security group by.
pub(super) fn group_id(who: Membership) -> Value {
    Value::attribute(members(who), "GroupId")
}

pub(super) fn role(group: &Group<'_>) -> String {
    format!("{}Role", group.id)
}

/// Returns the instance profile of a group.
pub(super) fn profile(group: &Group<'_>) -> String {
    format!("{}InstanceProfile", group.id)
}

/// Returns what a group's instances are started from.
pub(super) fn launch(plan: &Plan<'_>, group: &Group<'_>) -> String {
    match plan.instances.launch {
        Launch::Template => format!("{}Template", group.id),
        Launch::Configuration => format!("{}Configuration", group.id),
    }
}

/// Returns the Auto Scaling group of a group.
pub(super) fn auto_scaling(group: &Group<'_>) -> String {
    format!("{}Group", group.id)
}

/// Returns a disk that outlives the instances of a group.
pub(super) fn volume(group: &Group<'_>, disk: &KeptDisk<'_>) -> String {
    format!("{}{}Volume", group.id, disk.id)
}

/// Returns the id of the private zone; `None` where the nodes have no names in one.
pub(super) fn zone(plan: &Plan<'_>) -> Option<Value> {
    Some(match plan.names.as_ref()?.zone {
        HostedZone::Create => Value::reference(ZONE),
        HostedZone::Parameter => Value::reference(HOSTED_ZONE),
        HostedZone::Id(id) => Value::text(id.as_str()),
    })
}
