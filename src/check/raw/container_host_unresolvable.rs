//! A member tells the others a name or an address that only its own container knows.
//!
//! # Why
//! On docker's bridge the container's name, its id and `localhost` mean nothing on another machine: members never form a
//! quorum, and clients are sent to a broker they cannot find. `0.0.0.0` is an address to listen on, never one to be
//! reached at.
//!
//! # Fix
//! Advertise the node's own address: `{{node.address}}`, or `{{host.private_ipv4}}` where it is known only at boot.

use super::images::Service;
use super::kafka;
use super::run::Run;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-host-unresolvable",
    source: include_str!("container_host_unresolvable.rs"),
    run,
};

/// What every other machine reaches a node by.
const NODE: &str = "{{node.address}}";

/// Returns what must be done before [`NODE`] may be written in a unit.
fn before(facts: &Facts<'_>, run: &Run<'_>) -> String {
    let known = facts.cluster.nodes.iter().all(|node| node.address.is_some());
    let first = if known { "" } else { "set `cluster.domain`, and " };
    format!("{first}{}", run.unit.made_template(facts))
}

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for run in facts.raw.runs() {
        match run.known.map(|known| known.service) {
            Some(Service::Kafka) => kafka_broker(facts, &run, diags),
            Some(Service::Exhibitor) => exhibitor(facts, &run, diags),
            Some(Service::Etcd) => etcd(facts, &run, diags),
            Some(Service::Zookeeper | Service::Store) | None => {}
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

fn exhibitor(facts: &Facts<'_>, run: &Run<'_>, diags: &mut Diagnostics) {
    let Some(host) = run.call.variable("HOSTNAME") else { return };
    let Some(why) = unreachable(run, host.value) else { return };
    let title = format!("the other members cannot resolve `{}`", host.value);
    let mut finding = Diagnostic::error(CHECK.code, run.span(facts, &host.value_at), title, why);
    if let Some(name) = run.name().filter(|name| name.text == host.value) {
        finding = finding.related(run.span(facts, &name.at), "named here");
    }
    let first = before(facts, run);
    let mut finding = finding.help(format!("{first}write `HOSTNAME={NODE}`"));
    if first.is_empty() {
        finding = finding.edit(run.replace(facts, &host.value_at, NODE));
    }
    diags.report_once(finding);
}

fn kafka_broker(facts: &Facts<'_>, run: &Run<'_>, diags: &mut Diagnostics) {
    let advertised = kafka::advertised_hosts(run.call);
    let help = format!(
        "{}{} `-e {}`",
        before(facts, run),
        if advertised.is_empty() { "add" } else { "write" },
        if run.call.variable("KAFKA_ADVERTISED_PORT").is_some() {
            "KAFKA_ADVERTISED_HOST_NAME={{node.address}}"
        } else {
            "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://{{node.address}}:9092"
        }
    );
    if advertised.is_empty() {
        let knows =
            ["KAFKA_ADVERTISED_LISTENERS", "KAFKA_ADVERTISED_HOST_NAME", "HOSTNAME_COMMAND"];
        let has_config = run.call.mounted().any(|mounted| mounted.target.ends_with(".properties"));
        if has_config || knows.iter().any(|name| kafka::is_passed(run.call, name)) {
            return;
        }
        let (span, label) = match run.call.variable("KAFKA_ADVERTISED_PORT") {
            Some(port) => (run.span(facts, &port.at), "a port, but no host beside it"),
            None => (run.image_span(facts), "no `KAFKA_ADVERTISED_LISTENERS` before it"),
        };
        let title = "Kafka advertises the name of its container, which no client can resolve";
        diags.report_once(Diagnostic::error(CHECK.code, span, title, label).help(help));
        return;
    }
    let bad: Vec<_> =
        advertised.iter().filter_map(|host| Some((host, unreachable(run, &host.host)?))).collect();
    if bad.len() < advertised.len() {
        return;
    }
    let Some((host, why)) = bad.first() else { return };
    let title = format!("no client can reach a broker that advertises `{}`", host.host);
    let mut finding =
        Diagnostic::error(CHECK.code, run.span(facts, &host.at), title, *why).help(help);
    if before(facts, run).is_empty() {
        finding = finding.edit(run.replace(facts, &host.at, NODE));
    }
    diags.report_once(finding);
}

fn etcd(facts: &Facts<'_>, run: &Run<'_>, diags: &mut Diagnostics) {
    let flags = ["--advertise-client-urls", "--initial-advertise-peer-urls"];
    let mut words = run.call.arguments().iter().peekable();
    while let Some(word) = words.next() {
        let (flag, urls) = match word.text.split_once('=') {
            Some((flag, _)) => (flag, word),
            None => (word.text.as_str(), *words.peek().unwrap_or(&word)),
        };
        let value = urls.text.split_once('=').map_or(urls.text.as_str(), |(_, value)| value);
        let host = value
            .split_once("://")
            .map_or("", |(_, rest)| rest.rsplit_once(':').map_or(rest, |(host, _)| host));
        let Some(why) = unreachable(run, host).filter(|_| flags.contains(&flag)) else { continue };
        let title = format!("no member can reach an etcd that advertises `{host}`");
        let range = urls.find(host);
        let first = before(facts, run);
        let mut finding = Diagnostic::error(CHECK.code, run.span(facts, &range), title, why)
            .help(format!("{first}write `{}`", value.replacen(host, NODE, 1)));
        if first.is_empty() {
            finding = finding.edit(run.replace(facts, &range, NODE));
        }
        diags.report_once(finding);
    }
}
