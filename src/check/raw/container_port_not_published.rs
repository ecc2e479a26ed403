//! A broker advertises a port that its container does not publish.
//!
//! # Why
//! Clients connect to what the broker advertises, not to what they were first given: an advertised port that leads
//! nowhere makes every produce and fetch fail after a first contact that worked.
//!
//! # Fix
//! Publish the advertised port: `-p ADVERTISED:LISTENER`.

use super::images::Service;
use super::kafka;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-port-not-published",
    source: include_str!("container_port_not_published.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for run in facts.raw.runs() {
        let is_kafka = run.known.is_some_and(|known| known.service == Service::Kafka);
        if !is_kafka || run.call.is_on_host_network() || run.call.has("publish-all") {
            continue;
        }
        let published: Vec<u16> =
            run.call.published().filter_map(|published| published.host).collect();
        let listening = kafka::listening(run.call);
        let advertised = kafka::advertised(run.call);
        if advertised.iter().any(|advertised| published.contains(&advertised.port)) {
            continue;
        }
        let Some(advertised) = advertised.first() else { continue };
        let title = format!("Kafka advertises port {}, which is not published", advertised.port);
        let span = run.span(facts, &advertised.port_at);
        let mut finding = Diagnostic::error(CHECK.code, span, title, "clients are sent here");
        for published in run.call.published() {
            finding = finding.related(run.span(facts, &published.at), "published instead");
        }
        let listener = listening.first().copied().unwrap_or(advertised.port);
        let flag = format!("-p {}:{listener}", advertised.port);
        let edit = run.add_flags(facts, &flag);
        diags.report_once(finding.help(format!("add `{flag}`")).edit(edit));
    }
}
