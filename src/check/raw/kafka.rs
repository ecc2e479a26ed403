//! What the environment of a Kafka image says of its listeners.
//!
//! Knows the variables of the images, not Kafka.

use std::ops::Range;

use super::docker_run::Call;

/// A port a broker advertises.
#[derive(Debug)]
pub(super) struct Advertised {
    /// The port.
    pub(super) port: u16,
    /// Where it is written.
    pub(super) port_at: Range<usize>,
}

/// A host a broker advertises.
#[derive(Debug)]
pub(super) struct Host {
    /// Name or address.
    pub(super) host: String,
    /// Where it is written.
    pub(super) at: Range<usize>,
}

/// The port of a broker nobody told another.
const DEFAULT: u16 = 9092;

/// Returns the ports the broker listens on; empty where that is written elsewhere.
pub(super) fn listening(call: &Call) -> Vec<u16> {
    let written_elsewhere = ["KAFKA_LISTENERS", "KAFKA_PORT", "KAFKA_CFG_LISTENERS"]
        .iter()
        .any(|name| call.variable(name).is_none() && is_passed(call, name));
    let has_config = call.mounted().any(|mounted| mounted.target.ends_with(".properties"));
    if written_elsewhere || has_config {
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
        ports.extend(advertised(call).iter().map(|advertised| advertised.port));
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
pub(super) fn advertised(call: &Call) -> Vec<Advertised> {
    if let Some(port) = call.variable("KAFKA_ADVERTISED_PORT") {
        let number = port.value.parse().ok();
        return number
            .map(|number| Advertised { port: number, port_at: port.value_at })
            .into_iter()
            .collect();
    }
    let Some(listeners) = call.variable("KAFKA_ADVERTISED_LISTENERS") else { return Vec::new() };
    let listed = parts(listeners.value).filter_map(|(from, listener)| {
        let port = port_of(listener)?;
        let end = from + listener.len();
        let range = end - port.to_string().len()..end;
        Some(Advertised { port, port_at: within(&listeners.value_at, listeners.value, range) })
    });
    listed.collect()
}

/// Returns the hosts the broker advertises; what is known only on the machine counts as it is written.
pub(super) fn advertised_hosts(call: &Call) -> Vec<Host> {
    if let Some(host) = call.variable("KAFKA_ADVERTISED_HOST_NAME") {
        return vec![Host { host: host.value.to_owned(), at: host.value_at }];
    }
    let Some(listeners) = call.variable("KAFKA_ADVERTISED_LISTENERS") else { return Vec::new() };
    let listed = parts(listeners.value).filter_map(|(from, listener)| {
        let (scheme, rest) = listener.split_once("://")?;
        let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
        let start = from + scheme.len() + 3;
        let at = within(&listeners.value_at, listeners.value, start..start + host.len());
        Some(Host { host: host.to_owned(), at })
    });
    listed.collect()
}

/// Tells whether a variable reaches the container in any way.
pub(super) fn is_passed(call: &Call, name: &str) -> bool {
    call.values("env-file").next().is_some()
        || call.values("env").any(|word| word.text.split('=').next() == Some(name))
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
