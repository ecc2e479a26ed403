//! What a stack gives its machines: names and ids that exist only once the stack does.
//!
//! Says what each is where there is no stack, as for user data pasted by hand.

use std::collections::BTreeSet;

use crate::model::machine::StackValue;
use crate::model::{Aws, HostedZone, Identity, StackFact, logical_id};
use crate::platform::host::Host;

/// Returns the values that are used, in their order.
pub(super) fn values(host: &Host<'_>, used: &BTreeSet<StackFact>) -> Vec<StackValue> {
    let Some(aws) = &host.role.aws else { return Vec::new() };
    used.iter().map(|fact| StackValue { fact: *fact, now: now(host, aws, *fact) }).collect()
}

fn now(host: &Host<'_>, aws: &Aws, fact: StackFact) -> String {
    match fact {
        StackFact::Name
        | StackFact::Id
        | StackFact::Region
        | StackFact::AccountId
        | StackFact::Partition => String::new(),
        StackFact::Parameter(_) => {
            let own = host.parts.late.iter().find(|value| value.fact == fact);
            own.map_or(String::new(), |value| value.now.clone())
        }
        StackFact::ZoneId => match &aws.hosted_zone.value {
            HostedZone::Id(id) => id.clone(),
            HostedZone::Create | HostedZone::Parameter => String::new(),
        },
        StackFact::Group => match host.role.identity.value {
            Identity::Pinned => format!("{}Group", logical_id(&host.node.name.value)),
            Identity::Shared => "Group".to_owned(),
        },
        StackFact::Ready => match host.role.identity.value {
            Identity::Pinned => "Ready".to_owned(),
            Identity::Shared => String::new(),
        },
    }
}
