//! A broker advertises a port that its container does not publish.
//!
//! # Why
//! Clients connect to what the broker advertises, not to what they were first given: an advertised port that leads
//! nowhere makes every produce and fetch fail after a first contact that worked.
//!
//! # Fix
//! Publish the advertised port: `-p ADVERTISED:LISTENER`.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-port-not-published",
    source: include_str!("container_port_not_published.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs() {
        let Some(known) = Known::run(&run) else { continue };
        if run.call.is_on_host_network() || run.call.has("publish-all") {
            continue;
        }
        let published: Vec<u16> =
            run.call.published().filter_map(|published| published.host).collect();
        let listening = (known.contract.listens)(run.call).ports;
        let advertised = (known.contract.advertised_ports)(run.call);
        if advertised.iter().any(|advertised| published.contains(&advertised.port)) {
            continue;
        }
        let Some(advertised) = advertised.first() else { continue };
        let (name, port) = (known.name(), advertised.port);
        let title = format!("{name} advertises port {port}, which is not published");
        let span = run.span(view.sources, &advertised.at);
        let mut finding = Diagnostic::error(CHECK.code, span, title, "clients are sent here");
        for published in run.call.published() {
            finding = finding.related(run.span(view.sources, &published.at), "published instead");
        }
        let listener = listening.first().copied().unwrap_or(advertised.port);
        let flag = format!("-p {}:{listener}", advertised.port);
        let edit = run.add_flags(view.sources, &flag);
        diags.report_once(finding.help(format!("add `{flag}`")).edit(edit));
    }
}
