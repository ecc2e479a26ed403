//! The port plan of a host: who listens where, over all services and containers of a node.
//!
//! Ports are the same on all nodes of a role; only the controllers' is on the first ones alone, so the first node's
//! plan covers all.

use super::is_default;
use crate::check::Facts;
use crate::model::{Container, Network, Port};
use crate::service::catalogue::contracts;
use crate::service::{self, Instance};
use crate::source::{Sources, Span};

/// Who listens where on one node.
#[derive(Clone, Debug)]
pub(super) struct Plan<'a> {
    /// The system's own first, then the services', then the profile's containers'.
    pub(super) listeners: Vec<Listener<'a>>,
}

/// A port somebody listens on.
#[derive(Clone, Debug)]
pub(super) struct Listener<'a> {
    /// Number on the host.
    pub(super) port: u16,
    /// udp instead of tcp.
    pub(super) udp: bool,
    /// Who listens, as in "container `cadvisor`".
    pub(super) owner: String,
    /// The key that sets it; `None` where no key does.
    pub(super) key: Option<String>,
    /// Where it is written, in the profile or in the defaults; [`Sources::NOWHERE`] for the system's own.
    pub(super) place: Span,
    /// Whether the profile says the number.
    pub(super) written: bool,
    /// The container that listens, if one does.
    pub(super) container: Option<&'a Container>,
    /// The port of it, where it is one that the profile declares.
    pub(super) declared: Option<&'a Port>,
    /// Whether it is the profile's own container, whose image nobody here knows.
    pub(super) foreign: bool,
}

/// Images that listen on a port without being told to, beside those that serve a kind of service.
const KNOWN: [(&str, u16); 2] = [("cadvisor", 8080), ("node-exporter", 9100)];

impl<'a> Plan<'a> {
    /// Returns the plan of the first node, which covers all.
    pub(super) fn of(facts: &Facts<'a>) -> Self {
        let mut listeners = vec![Listener {
            port: 22,
            udp: false,
            owner: "sshd of the system".to_owned(),
            key: None,
            place: Sources::NOWHERE,
            written: false,
            container: None,
            declared: None,
            foreign: false,
        }];
        let services = facts.services.listeners();
        listeners.extend(services.map(|(owner, listener)| of_service(facts, owner, listener)));
        for container in &facts.role.containers {
            listeners.extend(container.ports.iter().map(|port| of_container(container, port)));
            listeners.extend(untold(container));
        }
        Self { listeners }
    }

    /// Returns the first port from `port` on that is free, and not one that needs root or may be taken.
    pub(super) fn free(&self, port: u16) -> u16 {
        let taken = |port: &u16| self.listeners.iter().any(|listener| listener.port == *port);
        (port.max(1024)..32_768).find(|port| !taken(port)).unwrap_or(port)
    }
}

fn of_service<'a>(
    facts: &Facts<'a>,
    owner: &Instance,
    listener: &service::Listener,
) -> Listener<'a> {
    let containers = facts.parts.iter().take(1).flat_map(|parts| &parts.containers);
    let mut containers = containers.filter(|one| one.name.value == owner.name.value);
    Listener {
        port: listener.port.value,
        udp: false,
        owner: owner.name.value.clone(),
        key: Some(listener.key.clone()),
        place: listener.port.span,
        written: listener.configured || !is_default(facts, listener.port.span),
        container: containers.next().filter(|_| !listener.configured),
        declared: None,
        foreign: false,
    }
}

fn of_container<'a>(container: &'a Container, port: &'a Port) -> Listener<'a> {
    let (owner, name) = (container.name.value.as_str(), port.name.value.as_str());
    Listener {
        port: port.number.value,
        udp: port.udp,
        owner: format!("container `{owner}`"),
        key: Some(format!("containers.{owner}.ports.{name}")),
        place: port.number.span,
        written: true,
        container: Some(container),
        declared: Some(port),
        foreign: true,
    }
}

/// Returns the port of a known image that declares none.
fn untold(container: &Container) -> Option<Listener<'_>> {
    let image = container.image.value.repository.rsplit('/').next().unwrap_or_default();
    let serving = contracts().flat_map(|contract| contract.untold);
    let (_, port) = KNOWN.iter().chain(serving).find(|(known, _)| *known == image)?;
    let silent = container.ports.is_empty() && container.args.is_empty();
    (silent && container.network == Network::Host).then(|| Listener {
        port: *port,
        udp: false,
        owner: format!("container `{}`", container.name.value),
        key: None,
        place: container.image.span,
        written: false,
        container: Some(container),
        declared: None,
        foreign: true,
    })
}
