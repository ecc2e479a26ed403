//! A unit lists its peers by address.
//!
//! # Why
//! An address written by hand is right until the first machine is replaced: then every unit that names it must be found
//! and changed, and restarted.
//!
//! # Fix
//! Name the file `NAME.service.hbs` and let the list come from the nodes: `{{#each nodes}}…{{/each}}`, or from another
//! role with `{{#each role.ROLE.nodes}}…{{/each}}`.

use super::docker_words::Variable;
use super::run::Run;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "hard-coded-peer-address",
    source: include_str!("hard_coded_peer_address.rs"),
    run,
};

/// Variables that list peers.
const LISTS: &[&str] = &[
    "ZOOKEEPER_CONNECT",
    "ZOO_SERVERS",
    "ZOOKEEPER_SERVERS",
    "INITIAL_CLUSTER",
    "QUORUM_VOTERS",
    "BOOTSTRAP_SERVERS",
    "ZK_HOSTS",
    "ETCD_SERVERS",
];

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for run in facts.raw.runs() {
        for variable in
            run.call.env().filter(|variable| LISTS.iter().any(|list| variable.name.ends_with(list)))
        {
            let addresses = addresses(variable.value);
            let span = run.span(facts, &variable.value_at);
            let written = facts.sources.slice(span);
            // a template that lists the nodes has no address in its source
            let is_by_hand = addresses.iter().any(|address| written.contains(address));
            if !is_by_hand {
                continue;
            }
            let title = format!("`{}` lists its peers by address", variable.name);
            let label = match addresses.len() {
                1 => "wrong once this machine is replaced".to_owned(),
                many => format!("wrong once any of these {many} machines is replaced"),
            };
            let finding = Diagnostic::warning(CHECK.code, span, title, label);
            diags.report_once(help(facts, &run, &variable, &addresses, finding));
        }
    }
}

/// Adds the template that lists the same peers.
fn help(
    facts: &Facts<'_>,
    run: &Run<'_>,
    variable: &Variable<'_>,
    addresses: &[&str],
    finding: Diagnostic,
) -> Diagnostic {
    let (name, rename) = (variable.name, run.unit.made_template(facts));
    let nodes = &facts.cluster.nodes;
    let is_node = |address: &&str| {
        nodes.iter().any(|node| node.address.as_ref().is_some_and(|known| known.value == **address))
    };
    let whose = if addresses.iter().all(is_node) { "nodes" } else { "role.ROLE.nodes" };
    if !name.ends_with("ZOOKEEPER_CONNECT") {
        return finding.help(format!(
            "{rename}list the nodes: `{{{{#each {whose}}}}}…{{{{address}}}}…{{{{/each}}}}`"
        ));
    }
    let list = format!(
        "{{{{#each {whose}}}}}{{{{#unless @first}}}},{{{{/unless}}}}{{{{address}}}}:2181{{{{/each}}}}"
    );
    let finding = finding.help(format!("{rename}write `{name}={list}`"));
    if rename.is_empty() && whose == "nodes" {
        return finding.edit(run.replace(facts, &variable.value_at, list));
    }
    finding
}

/// Returns the IPv4 addresses of other machines in a text.
fn addresses(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    words
        .filter(|word| {
            word.parse::<std::net::Ipv4Addr>()
                .is_ok_and(|address| !address.is_loopback() && !address.is_unspecified())
        })
        .collect()
}
