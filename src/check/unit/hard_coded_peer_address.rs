//! A unit lists its peers by address.
//!
//! # Why
//! An address written by hand is right until the first machine is replaced: then every unit that names it must be found
//! and changed, and restarted.
//!
//! # Fix
//! Name the file `NAME.service.hbs` and let the list come from the nodes: `{{#each nodes}}…{{/each}}`, or from another
//! role with `{{#each role.ROLE.nodes}}…{{/each}}`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::catalogue::contracts;
use crate::service::contract::PeerList;
use crate::unitfile::{Run, Variable};

pub(super) const CHECK: Check = Check {
    code: "hard-coded-peer-address",
    source: include_str!("hard_coded_peer_address.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs() {
        for variable in run.call.env() {
            let lists = contracts().flat_map(|contract| contract.peer_lists);
            let Some(list) = lists.into_iter().find(|list| variable.name.ends_with(list.suffix))
            else {
                continue;
            };
            let addresses = addresses(variable.value);
            let span = run.span(view.sources, &variable.value_at);
            let written = view.sources.slice(span);
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
            diags.report_once(help(view, &run, &variable, list, &addresses, finding));
        }
    }
}

/// Adds the template that lists the same peers.
fn help(
    view: &View<'_>,
    run: &Run<'_>,
    variable: &Variable<'_>,
    list: &PeerList,
    addresses: &[&str],
    finding: Diagnostic,
) -> Diagnostic {
    let (name, rename) = (variable.name, run.unit.made_template(view.sources));
    let nodes = view.nodes;
    let is_node = |address: &&str| {
        nodes.iter().any(|node| node.address.as_ref().is_some_and(|known| known.value == **address))
    };
    let whose = if addresses.iter().all(is_node) { "nodes" } else { "role.ROLE.nodes" };
    let Some(entry) = list.entry else {
        return finding.help(format!(
            "{rename}list the nodes: `{{{{#each {whose}}}}}…{{{{address}}}}…{{{{/each}}}}`"
        ));
    };
    let list =
        format!("{{{{#each {whose}}}}}{{{{#unless @first}}}},{{{{/unless}}}}{entry}{{{{/each}}}}");
    let finding = finding.help(format!("{rename}write `{name}={list}`"));
    if rename.is_empty() && whose == "nodes" {
        return finding.edit(run.replace(view.sources, &variable.value_at, list));
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
