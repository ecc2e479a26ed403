//! What all instances of a role have in common.

use crate::model::{Ami, Aws, Launch, Network, Role};
use crate::platform::aws;

/// What all instances have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instances<'a> {
    /// What groups start them from.
    pub launch: Launch,
    /// Image of the root disk.
    pub image: &'a Ami,
    /// Their type, as `m6i.large`.
    pub instance_type: &'a str,
    /// The key pair that the profile says; asked for where `None`.
    pub key_pair: Option<&'a str>,
    /// Whether they get a public address.
    pub public_ip: bool,
    /// How many hops an answer of the metadata service may travel: a container on a bridge is one away.
    pub hop_limit: u32,
    /// Whether the metadata service must be asked with a token.
    pub tokens_required: bool,
    /// ARNs of further policies of what they may do.
    pub policies: Vec<&'a str>,
}

/// Returns what all instances have in common.
pub(super) fn instances<'a>(role: &Role, aws: &'a Aws) -> Instances<'a> {
    let bridged = role.containers.iter().any(|one| one.network == Network::Bridge);
    Instances {
        launch: aws.launch.value,
        image: &aws.ami.value,
        instance_type: &aws.instance_type.value,
        key_pair: aws.key_pair.as_ref().map(|name| name.value.as_str()),
        public_ip: aws.public_ip.value,
        hop_limit: if bridged { 2 } else { 1 },
        tokens_required: aws::asks_with_token(role.target.os.value),
        policies: aws.policies.iter().map(|arn| arn.value.as_str()).collect(),
    }
}
