//! Two units of one machine publish the same port.
//!
//! # Why
//! A port of the host belongs to one process: whichever unit starts second fails.
//!
//! # Fix
//! Publish another port, or keep the two on machines of different roles.

use std::collections::BTreeMap;

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;

pub(super) const CHECK: Check =
    Check { code: "container-port-taken", source: include_str!("container_port_taken.rs"), run };

/// A port of the host: number, whether it is UDP, the address it is bound to, by whom and where.
struct Taken {
    port: u16,
    udp: bool,
    address: Option<String>,
    unit: String,
    span: Span,
}

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let mut taken: BTreeMap<(u16, bool), Vec<Taken>> = BTreeMap::new();
    for one in generated(view) {
        taken.entry((one.port, one.udp)).or_default().push(one);
    }
    for run in view.units.runs().filter(|run| run.unit.position == 0) {
        let mut clashes: Vec<(u16, Span, String, Span)> = Vec::new();
        let mut own = Vec::new();
        for published in run.call.published() {
            let Some(port) = published.host else { continue };
            let one = Taken {
                port,
                udp: published.udp,
                address: published.address.map(str::to_owned),
                unit: run.unit.name().to_owned(),
                span: run.span(view.sources, &published.at),
            };
            let others = taken.get(&(one.port, one.udp));
            match others.into_iter().flatten().find(|other| meets(&one, other)) {
                Some(other) => clashes.push((port, one.span, other.unit.clone(), other.span)),
                None => own.push(one),
            }
        }
        for one in own {
            taken.entry((one.port, one.udp)).or_default().push(one);
        }
        let Some((port, span, other, place)) = clashes.first() else { continue };
        let ports: Vec<String> = clashes
            .iter()
            .filter(|clash| clash.2 == *other)
            .map(|clash| clash.0.to_string())
            .collect();
        let title = match ports.len() {
            1 => format!("`{}` and `{other}` both publish port {port}", run.unit.name()),
            _ => format!(
                "`{}` and `{other}` both publish the ports {}",
                run.unit.name(),
                ports.join(", ")
            ),
        };
        diags.report_once(
            Diagnostic::error(CHECK.code, *span, title, "taken on the same machine")
                .related(*place, "here already")
                .help("publish another port, or put one of the two into another role"),
        );
    }
}

/// Returns the ports of the containers that are no raw units.
fn generated(view: &View<'_>) -> Vec<Taken> {
    let published = view
        .containers
        .iter()
        .flat_map(|container| container.ports.iter().map(move |port| (container, port)));
    published
        .map(|(container, port)| Taken {
            port: port.number.value,
            udp: port.udp,
            address: None,
            unit: format!("{}.service", container.name.value),
            span: port.number.span,
        })
        .collect()
}

/// Returns whether two cannot be bound on one machine.
fn meets(one: &Taken, other: &Taken) -> bool {
    let any = |taken: &Taken| {
        taken.address.as_deref().is_none_or(|address| matches!(address, "" | "0.0.0.0" | "[::]"))
    };
    one.unit != other.unit
        && one.port == other.port
        && one.udp == other.udp
        && (any(one) || any(other) || one.address == other.address)
}
