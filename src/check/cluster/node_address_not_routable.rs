//! The address of a node is one that leads every machine to itself, or nowhere.
//!
//! # Why
//! The address is what the other nodes and the clients are told. `localhost` means somebody else on each machine:
//! members wait for each other for ever, and Kafka sends its clients home.
//!
//! # Fix
//! Set `cluster.domain` to a domain that has the nodes' names, or `address` to what the others reach the node
//! under; `ip` to the address that its name leads to.

use std::collections::BTreeSet;

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "node-address-not-routable",
    source: include_str!("node_address_not_routable.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for node in &facts.role.nodes {
        let said = [("address", &node.address), ("ip", &node.ip)];
        let said = said.into_iter().filter_map(|(key, said)| Some((key, said.as_ref()?)));
        let Some((key, address)) = said.into_iter().find(|(_, said)| leads_home(&said.value))
        else {
            continue;
        };
        // A domain is the same place for all nodes.
        if !seen.insert(address.span) {
            continue;
        }
        let (name, host) = (&node.name.value, &address.value);
        let title =
            format!("node `{name}` has the address `{host}`, where no other machine finds it");
        diags.report(
            Diagnostic::error(CHECK.code, address.span, title, "leads every machine to itself")
                .help(format!("set `{key}` to one that the other nodes reach")),
        );
    }
}

fn leads_home(host: &str) -> bool {
    let host = host.trim_matches(['[', ']', '.']).to_ascii_lowercase();
    matches!(host.as_str(), "localhost" | "0.0.0.0" | "::" | "::1" | "localhost.localdomain")
        || host.ends_with(".localhost")
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}
