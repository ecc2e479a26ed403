//! A container waits for a port that it does not declare.
//!
//! On a bridge this is an error: a port that is not published is never reached.
//!
//! # Why
//! The unit counts as started once `ready_port` accepts a connection on the loopback address. If the program listens
//! elsewhere, the start times out after 15 minutes and begins anew, and whatever waits for it never starts.
//!
//! # Fix
//! Add the port to `ports`, or set `ready_port` to one that is there.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Network;
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "ready-port-not-declared",
    source: include_str!("ready_port_not_declared.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for container in &facts.role.containers {
        let Some(ready) = container.ready_port else { continue };
        if container.ports.iter().any(|port| port.number.value == ready && !port.udp) {
            continue;
        }
        let name = &container.name.value;
        let mut found = match container.network {
            Network::Bridge => {
                let title =
                    format!("container `{name}` waits for port {ready}, which it does not publish");
                Diagnostic::error(CHECK.code, container.name.span, title, "never counts as started")
            }
            Network::Host => {
                let title =
                    format!("container `{name}` waits for port {ready}, which it does not declare");
                Diagnostic::warning(
                    CHECK.code,
                    container.name.span,
                    title,
                    "may never count as started",
                )
            }
        };
        for port in container.ports.iter().take(3) {
            found = found.related(port.number.span, "listens here");
        }
        let place = container.name.span;
        diags.report(match container.ports.iter().find(|port| !port.udp) {
            Some(port) => {
                let number = port.number.value;
                found
                    .help(format!("set `ready_port` to {number}, or add {ready} to `ports`"))
                    .edit(Edit::set_inside(place, "ready_port", number.to_string()))
            }
            None => found.help(format!("add `ports: {{ main: {ready} }}`")).edit(Edit::set_inside(
                place,
                "ports",
                format!("{{ main: {ready} }}"),
            )),
        });
    }
}
