//! Two programs of a host listen on the same port.
//!
//! # Why
//! The second one to start finds the port taken and ends, over and over. Which is second changes from boot to boot, so
//! it may be the broker. ZooKeeper's admin server is on 8080 unless told otherwise, where cAdvisor is, too.
//!
//! # Fix
//! Move one of them: the help names both keys and a port that is free on this host. What a container of your own is
//! told in `args` or `env` must move along. Behind a bridge it goes on as it is: `{ port: 8080, container_port: 80 }`.

use std::collections::BTreeMap;

use super::ports::{Listener, Plan};
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Network;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "port-clash", source: include_str!("port_clash.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let plan = Plan::of(facts);
    let mut taken: BTreeMap<(u16, bool), &Listener<'_>> = BTreeMap::new();
    for listener in &plan.listeners {
        let Some(first) = taken.get(&(listener.port, listener.udp)) else {
            taken.insert((listener.port, listener.udp), listener);
            continue;
        };
        diags.report(clash(&plan, first, listener));
    }
}

fn clash(plan: &Plan<'_>, first: &Listener<'_>, second: &Listener<'_>) -> Diagnostic {
    let port = second.port;
    let title = format!("{} and {} both listen on port {port}", first.owner, second.owner);
    // The place to mend is the one the profile says.
    let (here, there) = if first.written && !second.written && !second.foreign {
        (second, first)
    } else {
        (first, second)
    };
    let label = if there.written { "taken already" } else { "listens there unless told otherwise" };
    let said = match &here.key {
        Some(key) => format!("`{key}`"),
        None => format!("taken by {}", here.owner),
    };
    let keys = [there, here].into_iter().filter_map(|listener| listener.key.as_ref());
    let keys: Vec<String> = keys.map(|key| format!("`{key}`")).collect();
    let free = plan.free(port);
    let mut help = format!("set {} to a free port such as {free}", keys.join(" or "));
    if there.key.is_none() {
        let own = format!(", or say in `args` and `ports` of {} where it listens", there.owner);
        help.push_str(&own);
    }
    let found = Diagnostic::error(CHECK.code, there.place, title, label).related(here.place, said);
    if let Some((help, edits)) = remapped(there, free) {
        return edits.into_iter().fold(found.help(help), Diagnostic::edit).choice();
    }
    if there.key.as_ref().is_some_and(|key| key.starts_with("containers.")) {
        help.push_str(", and have the program in the container listen there");
    }
    let found = found.help(help);
    if there.key.is_none() {
        return found;
    }
    found.edit(Edit::write(there.place, free.to_string())).choice()
}

/// Returns what leads another port of the host to a container behind a bridge, which goes on listening where it does.
fn remapped(listener: &Listener<'_>, free: u16) -> Option<(String, Vec<Edit>)> {
    let container = listener.container.filter(|one| one.network == Network::Bridge)?;
    let port = listener.declared?;
    let inside = port.inside.unwrap_or(port.number.value);
    let (owner, name) = (&container.name.value, &port.name.value);
    let mapped = format!("{{ port: {free}, container_port: {inside} }}");
    let number = port.number.span;
    let edits = if port.entry == number {
        vec![Edit::write(number, mapped.clone())]
    } else if port.inside.is_none() {
        vec![
            Edit::write(number, free.to_string()),
            Edit::set_beside(number, "container_port", inside.to_string()),
        ]
    } else {
        vec![Edit::write(number, free.to_string())]
    };
    Some((
        format!("set `containers.{owner}.ports.{name}` to `{mapped}`, or to another free port"),
        edits,
    ))
}
