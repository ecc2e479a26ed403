//! A published port leads to one on which nothing in the container listens.
//!
//! # Why
//! `-p HOST:CONTAINER` forwards to the port inside. Where the image's server listens on another, every connection is
//! refused, while the unit looks healthy.
//!
//! # Fix
//! Let the second number be the port the server listens on, or make it listen there.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::contract::Listening;

pub(super) const CHECK: Check = Check {
    code: "container-port-not-listened",
    source: include_str!("container_port_not_listened.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs() {
        let Some(known) = Known::run(&run) else { continue };
        let Listening { ports: listening, at } = (known.contract.listens)(run.call);
        let Some(first) = listening.first() else { continue };
        for published in
            run.call.published().filter(|published| !listening.contains(&published.container))
        {
            let title = format!(
                "port {} is published, but {} listens on {first}",
                published.container,
                known.name()
            );
            let span = run.span(view.sources, &published.container_at);
            let mut finding =
                Diagnostic::error(CHECK.code, span, title, "nothing listens here in the container");
            if let Some(at) = &at {
                finding = finding.related(run.span(view.sources, at), "what it listens on");
            }
            let host = published.host.unwrap_or(published.container);
            let edit = if published.host.is_some() {
                run.replace(view.sources, &published.container_at, first.to_string())
            } else {
                run.replace(view.sources, &published.at, format!("{host}:{first}"))
            };
            diags.report_once(finding.help(format!("write `-p {host}:{first}`")).edit(edit));
        }
    }
}
