//! What the environment of a Kafka image says of its listeners.
//!
//! Knows the variables of the images, not Kafka.

use std::ops::Range;

use crate::service::contract::{
    AdvertisedHost, AdvertisedHosts, AdvertisedPort, Listening, MissingHost,
};
use crate::unitfile::Call;

/// The port of a broker nobody told another.
const DEFAULT: u16 = 9092;

/// Returns where the broker listens.
pub(super) fn listens(call: &Call) -> Listening {
    let at = call.variable("KAFKA_LISTENERS").map(|listeners| listeners.value_at);
    Listening { ports: listening(call), at }
}

/// Returns the ports the broker listens on; empty where that is written elsewhere.
fn listening(call: &Call) -> Vec<u16> {
    let written_elsewhere = ["KAFKA_LISTENERS", "KAFKA_PORT", "KAFKA_CFG_LISTENERS"]
        .iter()
        .any(|name| call.variable(name).is_none() && call.passes(name));
    if written_elsewhere || has_file(call) {
        return Vec::new();
    }
    let mut ports: Vec<u16> = ["KAFKA_LISTENERS", "KAFKA_CFG_LISTENERS"]
        .iter()
        .filter_map(|name| call.variable(name))
        .flat_map(|variable| variable.value.split(',').filter_map(port_of).collect::<Vec<_>>())
        .collect();
    let is_confluent = call.image().is_some_and(|image| image.text.contains("confluentinc/"));
    if ports.is_empty() && is_confluent {
        // its start script listens where it advertises
        ports.extend(advertised_ports(call).iter().map(|advertised| advertised.port));
    }
    if ports.is_empty() {
        ports.push(
            call.variable("KAFKA_PORT")
                .and_then(|variable| variable.value.parse().ok())
                .unwrap_or(DEFAULT),
        );
    }
    for name in ["KAFKA_JMX_PORT", "JMX_PORT"] {
        ports.extend(call.variable(name).and_then(|variable| variable.value.parse::<u16>().ok()));
    }
    if call.variable("KAFKA_JMX_OPTS").is_some() || call.variable("KAFKA_OPTS").is_some() {
        // agents listen where their own words say
        return Vec::new();
    }
    ports
}

/// Returns the ports the broker advertises.
pub(super) fn advertised_ports(call: &Call) -> Vec<AdvertisedPort> {
    if let Some(port) = call.variable("KAFKA_ADVERTISED_PORT") {
        let number = port.value.parse().ok();
        return number
            .map(|number| AdvertisedPort { port: number, at: port.value_at })
            .into_iter()
            .collect();
    }
    let Some(listeners) = call.variable("KAFKA_ADVERTISED_LISTENERS") else { return Vec::new() };
    let listed = parts(listeners.value).filter_map(|(from, listener)| {
        let port = port_of(listener)?;
        let end = from + listener.len();
        let range = end - port.to_string().len()..end;
        Some(AdvertisedPort { port, at: within(&listeners.value_at, listeners.value, range) })
    });
    listed.collect()
}

/// Returns the hosts the broker advertises, of which a client needs one.
pub(super) fn advertised_hosts(call: &Call) -> AdvertisedHosts {
    let right = if call.variable("KAFKA_ADVERTISED_PORT").is_some() {
        "-e KAFKA_ADVERTISED_HOST_NAME={{node.address}}"
    } else {
        "-e KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://{{node.address}}:9092"
    };
    let hosts = written_hosts(call);
    let missing = if hosts.is_empty() { missing_host(call, right.to_owned()) } else { None };
    let hosts = hosts.into_iter().map(|(host, at)| AdvertisedHost {
        title: format!("no client can reach a broker that advertises `{host}`"),
        host,
        at,
        right: right.to_owned(),
    });
    AdvertisedHosts { hosts: hosts.collect(), one_is_enough: true, shows_name: false, missing }
}

/// Returns the hosts in the variables, each with where it is written.
fn written_hosts(call: &Call) -> Vec<(String, Range<usize>)> {
    if let Some(host) = call.variable("KAFKA_ADVERTISED_HOST_NAME") {
        return vec![(host.value.to_owned(), host.value_at)];
    }
    let Some(listeners) = call.variable("KAFKA_ADVERTISED_LISTENERS") else { return Vec::new() };
    let listed = parts(listeners.value).filter_map(|(from, listener)| {
        let (scheme, rest) = listener.split_once("://")?;
        let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
        let start = from + scheme.len() + 3;
        let at = within(&listeners.value_at, listeners.value, start..start + host.len());
        Some((host.to_owned(), at))
    });
    listed.collect()
}

/// Returns what a broker does that is told no host; `None` where another way may tell it.
fn missing_host(call: &Call, right: String) -> Option<MissingHost> {
    let ways = ["KAFKA_ADVERTISED_LISTENERS", "KAFKA_ADVERTISED_HOST_NAME", "HOSTNAME_COMMAND"];
    if has_file(call) || ways.iter().any(|name| call.passes(name)) {
        return None;
    }
    let (at, label) = match call.variable("KAFKA_ADVERTISED_PORT") {
        Some(port) => (Some(port.at), "a port, but no host beside it"),
        None => (None, "no `KAFKA_ADVERTISED_LISTENERS` before it"),
    };
    let title = "Kafka advertises the name of its container, which no client can resolve";
    Some(MissingHost { title, label, at, right })
}

/// Returns whether a properties file is mounted, which may say all of it.
fn has_file(call: &Call) -> bool {
    call.mounted().any(|mounted| mounted.target.ends_with(".properties"))
}

fn port_of(listener: &str) -> Option<u16> {
    listener.rsplit_once(':')?.1.parse().ok()
}

/// Returns the listeners of a list, each with where it begins.
fn parts(list: &str) -> impl Iterator<Item = (usize, &str)> {
    list.split(',').scan(0, |at, part| {
        let from = *at;
        *at += part.len() + 1;
        Some((from, part))
    })
}

/// Returns the place of a part of a value; the whole where quotes hide it.
fn within(place: &Range<usize>, value: &str, part: Range<usize>) -> Range<usize> {
    if place.len() != value.len() {
        return place.clone();
    }
    place.start + part.start..place.start + part.end
}
