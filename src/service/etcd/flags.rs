//! The command line of a member: what follows from the role, with the profile's own flags on top.

use std::collections::BTreeMap;

use super::super::member::{Member, around};
use super::section::{Bootstrap, Etcd};
use crate::model::{HostFact, Identity, Parameter, PerNode, StackFact, Text};

/// The data directory inside the container.
pub(super) const DATA: &str = "/var/lib/etcd";

/// What a stack is asked for: a cluster of its own to found, with a token that no other has.
pub(super) static DISCOVERY_URL: Parameter = Parameter {
    name: "DiscoveryUrl",
    word: "discovery_url",
    variable: "CFGBUILD_DISCOVERY_URL",
    description: "etcd discovery URL with the token of this cluster",
    pattern: r"^https?://[A-Za-z0-9._:-]+/[A-Za-z0-9._/-]+$",
    constraint: "must be a URL that ends in a discovery token",
    longest: 256,
};

/// Returns `--flag=value` words by the name of the flag; a profile's own replace the generated.
pub(super) fn args(etcd: &Etcd, member: Member<'_>) -> Vec<PerNode<Text>> {
    let mut flags = generated(etcd, member);
    for (name, value) in &etcd.config {
        flags.insert(name, value.value.on(member.position).clone());
    }
    // Joined by `=`: Go reads `--flag value` of a boolean as the flag and a stray word.
    let word =
        |(name, value): (&str, Text)| PerNode::Same(around(&format!("--{name}="), &value, ""));
    flags.into_iter().map(word).collect()
}

fn generated<'a>(etcd: &'a Etcd, member: Member<'_>) -> BTreeMap<&'a str, Text> {
    let (client, peer) = (etcd.client_port.value, etcd.peer_port.value);
    let reached = member.host();
    let mut flags = BTreeMap::from([
        ("name", name(member)),
        ("data-dir", Text::literal(DATA)),
        ("listen-client-urls", Text::literal(format!("http://0.0.0.0:{client}"))),
        ("listen-peer-urls", Text::literal(format!("http://0.0.0.0:{peer}"))),
        ("advertise-client-urls", around("http://", &reached, &format!(":{client}"))),
        ("initial-advertise-peer-urls", peer_url(etcd, member)),
        ("auto-compaction-mode", Text::literal("periodic")),
        ("auto-compaction-retention", Text::literal("8h")),
    ]);
    if etcd.bootstrap.value == Bootstrap::Static {
        let token = Text::literal(member.role.cluster.value.as_str());
        flags.insert("initial-cluster-token", token);
    }
    flags
}

/// Returns the URL a member is reached at by the others.
fn peer_url(etcd: &Etcd, member: Member<'_>) -> Text {
    around("http://", &member.host(), &format!(":{}", etcd.peer_port.value))
}

fn name(member: Member<'_>) -> Text {
    match member.role.identity.value {
        Identity::Pinned => Text::literal(member.node.name.value.as_str()),
        Identity::Shared => Text::host(HostFact::Hostname),
    }
}

/// Returns what a start knows of itself: name, peer URL, and the discovery URL that a stack may give.
pub(super) fn words(etcd: &Etcd, member: Member<'_>) -> Vec<PerNode<Text>> {
    let url = match &etcd.bootstrap.value {
        // a stack may be given a token of its own
        Bootstrap::DiscoveryV2 { .. } if member.has_stack() => {
            Some(Text::stack(StackFact::Parameter(&DISCOVERY_URL)))
        }
        Bootstrap::DiscoveryV2 { url } => Some(Text::literal(url.as_str())),
        Bootstrap::DiscoveryV3 { .. } | Bootstrap::Static => None,
    };
    let own = [name(member), peer_url(etcd, member)];
    own.into_iter().chain(url).map(PerNode::Same).collect()
}

/// Returns what the member's start knows of how the cluster is formed.
pub(super) fn values(etcd: &Etcd) -> Vec<(&'static str, Vec<String>)> {
    let mut values = vec![("client_port", vec![etcd.client_port.value.to_string()])];
    match &etcd.bootstrap.value {
        Bootstrap::DiscoveryV3 { token, endpoints } => {
            values.push(("token", vec![token.clone()]));
            let urls = endpoints.iter().map(|url| url.value.trim_end_matches('/').to_owned());
            values.push(("endpoints", urls.collect()));
        }
        Bootstrap::DiscoveryV2 { .. } | Bootstrap::Static => {}
    }
    values
}
