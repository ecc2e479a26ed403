//! The command line of a member: what follows from the role, with the profile's own flags on top.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::member::{Member, around, host};
use super::section::{Bootstrap, Etcd};
use crate::model::{HostFact, Identity, Parameter, PerNode, Role, StackFact, Text};

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
    let name = match member.role.identity.value {
        Identity::Pinned => Text::literal(member.node.name.value.as_str()),
        Identity::Shared => Text::host(HostFact::Hostname),
    };
    let mut flags = BTreeMap::from([
        ("name", name),
        ("data-dir", Text::literal(DATA)),
        ("listen-client-urls", Text::literal(format!("http://0.0.0.0:{client}"))),
        ("listen-peer-urls", Text::literal(format!("http://0.0.0.0:{peer}"))),
        ("advertise-client-urls", around("http://", &reached, &format!(":{client}"))),
        ("initial-advertise-peer-urls", around("http://", &reached, &format!(":{peer}"))),
        ("auto-compaction-mode", Text::literal("periodic")),
        ("auto-compaction-retention", Text::literal("8h")),
    ]);
    match &etcd.bootstrap.value {
        Bootstrap::DiscoveryV2 { url } => {
            // a stack may be given a token of its own
            let url = if member.has_stack() {
                Text::stack(StackFact::Parameter(&DISCOVERY_URL))
            } else {
                Text::literal(url.as_str())
            };
            flags.insert("discovery", url);
            // The default of old versions is a proxy that looks healthy and holds nothing.
            flags.insert("discovery-fallback", Text::literal("exit"));
        }
        Bootstrap::DiscoveryV3 { token, endpoints } => {
            flags.insert("discovery-token", Text::literal(token.as_str()));
            let urls: Vec<&str> = endpoints.iter().map(|url| url.value.as_str()).collect();
            flags.insert("discovery-endpoints", Text::literal(urls.join(",")));
            if urls.iter().any(|url| url.starts_with("https://")) {
                flags.insert("discovery-insecure-transport", Text::literal("false"));
            }
        }
        Bootstrap::Static => {
            flags.insert("initial-cluster", Text::literal(members(member.role, peer)));
            flags.insert("initial-cluster-state", Text::literal("new"));
            flags.insert("initial-cluster-token", Text::literal(member.role.name.value.as_str()));
        }
    }
    flags
}

/// Returns `name=url,…` of all members.
fn members(role: &Role, peer: u16) -> String {
    let mut list = String::new();
    for node in &role.nodes {
        let comma = if list.is_empty() { "" } else { "," };
        let host = host(node).unwrap_or_default();
        let _infallible = write!(list, "{comma}{}=http://{host}:{peer}", node.name.value);
    }
    list
}
