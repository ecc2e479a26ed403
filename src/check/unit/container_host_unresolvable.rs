//! A member tells the others a name or an address that only its own container knows.
//!
//! # Why
//! On docker's bridge the container's name, its id and `localhost` mean nothing on another machine: members never form
//! a quorum, and clients are sent to a broker they cannot find. `0.0.0.0` is an address to listen on, never one to be
//! reached at.
//!
//! # Fix
//! Advertise the node's own address: `{{node.address}}`, or `{{host.private_ipv4}}` where it is known only at boot.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::contract::{AdvertisedHost, AdvertisedHosts, NODE};
use crate::unitfile::{Run, Word};

pub(super) const CHECK: Check = Check {
    code: "container-host-unresolvable",
    source: include_str!("container_host_unresolvable.rs"),
    run,
};

/// Returns what must be done before [`NODE`] may be written in a unit.
fn before(view: &View<'_>, run: &Run<'_>) -> String {
    let known = view.nodes.iter().all(|node| node.address.is_some());
    let first = if known { "" } else { "set `cluster.domain`, and " };
    format!("{first}{}", run.unit.made_template(view.sources))
}

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs() {
        let Some(known) = Known::run(&run) else { continue };
        let told = (known.contract.advertised_hosts)(run.call);
        let AdvertisedHosts { hosts, one_is_enough, shows_name, missing } = told;
        if let Some(missing) = missing {
            let span = missing
                .at
                .map_or_else(|| run.image_span(view.sources), |at| run.span(view.sources, &at));
            let help = format!("{}add `{}`", before(view, &run), missing.right);
            let finding = Diagnostic::error(CHECK.code, span, missing.title, missing.label);
            diags.report_once(finding.help(help));
        }
        let bad: Vec<_> =
            hosts.iter().filter_map(|host| Some((host, unreachable(&run, &host.host)?))).collect();
        if one_is_enough && bad.len() < hosts.len() {
            continue;
        }
        let shown = if one_is_enough { 1 } else { bad.len() };
        for (host, why) in bad.into_iter().take(shown) {
            let name = run.name().filter(|name| shows_name && name.text == host.host);
            report(view, &run, host, why, name, diags);
        }
    }
}

/// Returns why nobody else reaches a host, if nobody does.
fn unreachable(run: &Run<'_>, host: &str) -> Option<&'static str> {
    let is_name = run.name().is_some_and(|name| name.text == host);
    let hostname = run.call.values("hostname").last();
    match host {
        "0.0.0.0" | "[::]" | "::" => Some("every address, so none to be reached at"),
        "localhost" | "127.0.0.1" | "[::1]" => Some("the machine of whoever reads it"),
        _ if run.call.is_on_host_network() => None,
        _ if is_name => Some("the container's name: no other machine knows it"),
        _ if hostname.is_some_and(|name| name.text == host && !host.contains('.')) => {
            Some("the container's host name: no other machine knows it")
        }
        _ => None,
    }
}

fn report(
    view: &View<'_>,
    run: &Run<'_>,
    host: &AdvertisedHost,
    why: &str,
    name: Option<&Word>,
    diags: &mut Diagnostics,
) {
    let AdvertisedHost { host: _, at, title, right } = host;
    let mut finding = Diagnostic::error(CHECK.code, run.span(view.sources, at), title, why);
    if let Some(name) = name {
        finding = finding.related(run.span(view.sources, &name.at), "named here");
    }
    let first = before(view, run);
    finding = finding.help(format!("{first}write `{right}`"));
    if first.is_empty() {
        finding = finding.edit(run.replace(view.sources, at, NODE));
    }
    diags.report_once(finding);
}
