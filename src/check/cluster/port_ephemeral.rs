//! A program listens on a port that the kernel hands out to outgoing connections.
//!
//! # Why
//! Any connection that the host opens takes a number from 32768 to 60999. If one has this number while the program
//! starts, the port is taken: a restart that fails once in a while and never when somebody looks.
//!
//! # Fix
//! Choose a port below 32768, or reserve it: `sysctl: { net.ipv4.ip_local_reserved_ports: "40000" }`.

use super::ports::Plan;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

/// What Linux hands out unless it is told otherwise.
const RANGE: (u16, u16) = (32_768, 60_999);

pub(super) const CHECK: Check =
    Check { code: "port-ephemeral", source: include_str!("port_ephemeral.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let setting = |wanted: &str| {
        let found = facts.role.sysctl.iter().find(|(name, _)| name.value == wanted);
        found.map(|(_, value)| value.as_str())
    };
    let (from, to) = setting("net.ipv4.ip_local_port_range").and_then(range).unwrap_or(RANGE);
    let reserved = setting("net.ipv4.ip_local_reserved_ports").unwrap_or_default();
    let plan = Plan::of(facts);
    for listener in &plan.listeners {
        let port = listener.port;
        if !(from..=to).contains(&port) || reserves(reserved, port) {
            continue;
        }
        let title = format!(
            "{} listens on port {port}, which outgoing connections may have taken",
            listener.owner
        );
        let label = format!("between {from} and {to}");
        let key = listener.key.as_deref().unwrap_or("its port");
        let all = if reserved.is_empty() { port.to_string() } else { format!("{reserved},{port}") };
        let reserve = ["sysctl", "net.ipv4.ip_local_reserved_ports"];
        diags.report(
            Diagnostic::warning(CHECK.code, listener.place, title, label)
                .help(format!(
                    "set `{key}` to a port below {from}, or `sysctl: {{ net.ipv4.ip_local_reserved_ports: \"{all}\" }}`"
                ))
                .edit(Edit::set(reserve, format!("\"{all}\""))),
        );
    }
}

/// Reads `from to`.
fn range(text: &str) -> Option<(u16, u16)> {
    let mut numbers = text.split_whitespace().map(str::parse::<u16>);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Tells whether a list of ports and ranges (`8080,9100-9200`) has one.
fn reserves(list: &str, port: u16) -> bool {
    list.split(',').any(|entry| {
        let (from, to) = entry.split_once('-').unwrap_or((entry, entry));
        let bounds = (from.trim().parse::<u16>(), to.trim().parse::<u16>());
        matches!(bounds, (Ok(from), Ok(to)) if (from..=to).contains(&port))
    })
}
