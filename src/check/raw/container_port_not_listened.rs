//! A published port leads to one on which nothing in the container listens.
//!
//! # Why
//! `-p HOST:CONTAINER` forwards to the port inside. Where the image's server listens on another, every connection is
//! refused, while the unit looks healthy.
//!
//! # Fix
//! Let the second number be the port the server listens on, or make it listen there.

use super::images::Service;
use super::kafka;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-port-not-listened",
    source: include_str!("container_port_not_listened.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for run in facts.raw.runs() {
        let Some(known) = run.known else { continue };
        let listening = match known.service {
            Service::Kafka => kafka::listening(run.call),
            Service::Exhibitor => vec![2181, 2888, 3888, 8181],
            Service::Zookeeper | Service::Etcd | Service::Store => Vec::new(),
        };
        let Some(first) = listening.first() else { continue };
        for published in
            run.call.published().filter(|published| !listening.contains(&published.container))
        {
            let title = format!(
                "port {} is published, but {} listens on {first}",
                published.container,
                known.name()
            );
            let span = run.span(facts, &published.container_at);
            let mut finding =
                Diagnostic::error(CHECK.code, span, title, "nothing listens here in the container");
            if let Some(listeners) = run.call.variable("KAFKA_LISTENERS") {
                finding =
                    finding.related(run.span(facts, &listeners.value_at), "what it listens on");
            }
            let host = published.host.unwrap_or(published.container);
            let edit = if published.host.is_some() {
                run.replace(facts, &published.container_at, first.to_string())
            } else {
                run.replace(facts, &published.at, format!("{host}:{first}"))
            };
            diags.report_once(finding.help(format!("write `-p {host}:{first}`")).edit(edit));
        }
    }
}
