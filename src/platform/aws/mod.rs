//! Amazon EC2: instances of a CloudFormation stack, where a profile has the section `aws`; without it, machines that
//! know where they are and no more.
//!
//! What a machine does for itself in its stack is a script beside this file and a unit that runs it. A script waits as
//! long as it takes and says for what: a unit that had failed would take those that need it along, and nothing would
//! start them again.

mod before;
mod checks;
mod instance_types;
mod keys;
mod node;
mod registry;
mod secrets;
mod section;
mod stack;
mod unit;
mod volume;

pub use instance_types::processor;

use super::advice::Advice;
use super::table::{Delivery, LastingDisk, Memory, Platform};
use crate::model::{Aws, HostFact, Launch, Os, Role};
use crate::os;

/// Most bytes of user data that EC2 takes, raw.
pub const USER_DATA: usize = 16_384;

pub(super) static PLATFORM: Platform = Platform {
    taker: "EC2",
    delivery: Delivery::Paste("docs/paste.md"),
    user_data_limit: |aws| Some(aws.map_or(USER_DATA, |aws| launch_limit(aws.launch.value))),
    spill,
    is_user_data_open: true,
    section: Some(&keys::SECTION),
    lower: section::lower,
    checks: checks::CHECKS,
    builder: "amazon-ebs",
    facts: |system| Some(&system.metadata),
    may_bring_keys: true,
    sure: &[
        HostFact::PrivateIpv4,
        HostFact::Hostname,
        HostFact::Zone,
        HostFact::Region,
        HostFact::InstanceId,
    ],
    lasting_disk: LastingDisk::Whole("ebs: { size: 100GiB, keep: true }"),
    own_disks: Some("Amazon EC2 NVMe Instance Storage"),
    makes_ebs: true,
    memory,
    no_stack: |role| {
        let help =
            "add `aws: { instance_type: m6i.large }`: with this section the role gets a stack";
        without_section(role, help)
    },
    no_secrets: |role| {
        let help =
            "add `aws: { instance_type: m6i.large }`: with this section machines ask AWS for it";
        without_section(role, help)
    },
    images: |role| role.aws.iter().map(|aws| &aws.cli_image.value).collect(),
    attach: volume::attach,
    before: before::before,
    add: node::add,
    stack_values: stack::values,
};

/// Returns whether a system asks the metadata service with a token, so that nothing else need be answered.
pub fn asks_with_token(system: Os) -> bool {
    os::table(system).images.asks_with_token
}

/// Returns the most bytes of user data that an instance can be launched with, raw.
///
/// A launch configuration limits not them but their base64, to 21,847 characters.
fn launch_limit(launch: Launch) -> usize {
    match launch {
        Launch::Template => USER_DATA,
        Launch::Configuration => USER_DATA - 1,
    }
}

fn spill(aws: Option<&Aws>) -> &'static str {
    if aws.is_some() {
        ", or set `aws.assets: s3://BUCKET/PREFIX` and upload the rest with `cfgbuild publish`"
    } else {
        ", or let `cfgbuild publish` upload the rest: add `aws: { instance_type: …, assets: s3://BUCKET/PREFIX }`"
    }
}

fn memory(role: &Role) -> Option<Memory<'_>> {
    let of = &role.aws.as_ref()?.instance_type;
    let mib = instance_types::memory_mib(&of.value)?;
    Some(Memory { mib, of, key: "aws.instance_type" })
}

fn without_section(role: &Role, help: &'static str) -> Option<Advice> {
    role.aws.is_none().then_some(Advice { help, is_platforms: false })
}
