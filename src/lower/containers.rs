//! The section `containers` → containers.

use super::devices::devices;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Confinement, Container, Health, Network, Placement, Port, Run};
use crate::profile::Value;
use crate::profile::read;
use crate::service::container;
use crate::source::Spanned;

/// Reads all containers, in the order of their names.
pub(super) fn containers(tree: &Value, diags: &mut Diagnostics) -> Vec<Container> {
    let mut found: Vec<Container> = read::entries_at(tree, "containers")
        .filter_map(|(name, value)| container(name, value, diags))
        .collect();
    found.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    found
}

fn container(name: &Spanned<String>, value: &Value, diags: &mut Diagnostics) -> Option<Container> {
    let path = format!("containers.{}", name.value);
    let network =
        read::word_at(value, "network", &[("host", Network::Host), ("bridge", Network::Bridge)])
            .unwrap_or_else(|| Spanned::new(Network::Host, name.span));
    let stop_timeout = read::seconds_at(value, "stop_timeout").map_or(10, |seconds| seconds.value);
    let user = read::text_at(value, "user");
    Some(Container {
        name: name.clone(),
        description: read::text_at(value, "description")
            .map_or_else(|| name.value.clone(), |text| text.value),
        documentation: None,
        image: read::image_at(value, &path, diags)?,
        run: Run::Always,
        ports: ports(value, &network, &path, diags),
        network: network.value,
        entrypoint: read::text_at(value, "entrypoint").map(|path| path.value),
        args: value
            .get("args")
            .map(Value::items)
            .unwrap_or_default()
            .iter()
            .filter_map(read::host_text)
            .collect(),
        env: container::variables(value),
        secrets: container::secrets(value, &path, user.as_ref(), diags),
        user: user.map(|user| user.value),
        binds: container::binds(value, &path, diags),
        tmpfs: read::words_at(value, "tmpfs"),
        ulimits: container::ulimits(value),
        memory_mib: read::mib_at(value, "memory").map(|memory| memory.value),
        labels: read::entries_at(value, "labels")
            .filter_map(|(key, said)| Some((key.value.clone(), said.text()?.to_owned())))
            .collect(),
        confinement: confinement(value, &path, diags),
        stop_timeout: u32::try_from(stop_timeout).unwrap_or(u32::MAX),
        ready_port: read::number_at(value, "ready_port").map(|port| port.value),
        health: value.get("health").and_then(|said| health(said, &path, diags)),
        ready_host: None,
        after: read::texts_at(value, "after"),
        requires: read::texts_at(value, "requires"),
        wants: read::texts_at(value, "wants"),
        identity: None,
        deciding: None,
        guard: None,
        placement: value.get("placement").map(placement).unwrap_or_default(),
    })
}

fn health(said: &Value, path: &str, diags: &mut Diagnostics) -> Option<Health> {
    let Some(command) = read::text_at(said, "command") else {
        let path = format!("{path}.health");
        read::missing(said.span, &path, "command", "\"pg_isready -U postgres\"", diags);
        return None;
    };
    let seconds = |key, otherwise| read::seconds_at(said, key).map_or(otherwise, |it| it.value);
    Some(Health {
        command: command.value,
        interval: seconds("interval", 10),
        timeout: seconds("timeout", 5),
        retries: read::number_at(said, "retries").map_or(3, |retries| retries.value),
    })
}

/// Reads what it may do and may not; a capability that is given and taken is reported.
fn confinement(value: &Value, path: &str, diags: &mut Diagnostics) -> Confinement {
    let (given, taken) = (read::texts_at(value, "cap_add"), read::texts_at(value, "cap_drop"));
    for capability in &given {
        let Some(other) = taken.iter().find(|other| other.value == capability.value) else {
            continue;
        };
        let title = format!("`{path}` is given the capability {} and loses it", capability.value);
        diags.report(
            Diagnostic::error("key-conflict", capability.span, title, "given here")
                .related(other.span, "taken here")
                .help("keep one of them; `cap_drop: [ALL]` beside `cap_add` leaves what is added"),
        );
    }
    let words = |texts: Vec<Spanned<String>>| texts.into_iter().map(|text| text.value).collect();
    Confinement {
        cap_add: words(given),
        cap_drop: words(taken),
        shm_mib: read::mib_at(value, "shm_size").map(|size| size.value),
        read_only: read::bool_at(value, "read_only").is_some_and(|only| only.value),
        devices: devices(value, path, diags),
        security_opt: read::words_at(value, "security_opt"),
    }
}

fn ports(
    value: &Value,
    network: &Spanned<Network>,
    path: &str,
    diags: &mut Diagnostics,
) -> Vec<Port> {
    let mut found = Vec::new();
    let ports = format!("{path}.ports");
    for (name, said) in read::entries_at(value, "ports") {
        let number = match said.scalar() {
            Some(_) => value.get("ports").and_then(|ports| read::number_at(ports, &name.value)),
            None => read::number_at(said, "port"),
        };
        let Some(number) = number else {
            // what is there and no port has been reported
            if said.scalar().is_none() && said.get("port").is_none() {
                let path = format!("{path}.ports.{}", name.value);
                read::missing(said.span, &path, "port", "8080", diags);
            }
            continue;
        };
        let inside = read::number_at(said, "container_port");
        if let Some(inside) = &inside
            && network.value == Network::Host
            && inside.value != number.value
        {
            mapped_on_host(network, &number, inside, path, diags);
        }
        let udp = said.get("protocol").and_then(Value::text) == Some("udp");
        found.push(Port {
            name: name.clone(),
            number,
            inside: inside.map(|inside| inside.value),
            entry: said.span,
            udp,
            audience: read::audience(said, &ports, diags),
        });
    }
    found
}

/// Refuses two numbers for a port of a container that is in the host's own network.
fn mapped_on_host(
    network: &Spanned<Network>,
    number: &Spanned<u16>,
    inside: &Spanned<u16>,
    path: &str,
    diags: &mut Diagnostics,
) {
    let title =
        format!("port {} cannot lead to {} in the host's own network", number.value, inside.value);
    diags.report(
        Diagnostic::error("key-conflict", inside.span, title, "has no network of its own")
            .related(number.span, "the port of the host")
            .related(network.span, "in the host's own network")
            .help(format!("set `{path}.network: bridge`, or remove `container_port`")),
    );
}

/// Reads fleet's placement.
pub(super) fn placement(value: &Value) -> Placement {
    Placement {
        conflicts: read::words_at(value, "conflicts"),
        machine_of: read::text_at(value, "machine_of").map(|text| text.value),
        global: read::bool_at(value, "global").is_some_and(|global| global.value),
        metadata: read::entries_at(value, "metadata")
            .filter_map(|(name, value)| Some((name.value.clone(), value.text()?.to_owned())))
            .collect(),
    }
}
