//! The node a service is expanded for, and the few shapes all services need from it.

use super::declared::Listener;
use crate::model::{
    Audience, Audiences, Bind, HostFact, Identity, Node, Ownership, PerNode, Piece, Placement,
    Port, Role, Text, Variable,
};
use crate::platform;
use crate::source::{Span, Spanned};

/// One node of a cluster.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    pub role: &'a Role,
    pub node: &'a Node,
    /// Its position, from 0.
    pub position: usize,
}

impl<'a> Member<'a> {
    /// Returns the node at `position`, from 0.
    pub fn of(role: &'a Role, position: usize) -> Option<Self> {
        role.nodes.get(position).map(|node| Self { role, node, position })
    }

    /// Tells whether the node is known when it is built.
    pub(super) fn pinned(self) -> bool {
        self.role.identity.value == Identity::Pinned
    }

    /// Returns whether the role has a stack, which may give the node values of its own.
    pub(super) fn has_stack(self) -> bool {
        let platform = platform::of(self.role.target.platform.value);
        (platform.no_stack)(self.role).is_none()
    }

    /// Returns the host others reach the node under, fit for a URL: its own name, or the private address it boots with.
    pub(super) fn host(self) -> Text {
        match host(self.node) {
            Some(host) if self.pinned() => Text::literal(host),
            _ => Text::host(HostFact::PrivateIpv4),
        }
    }

    /// Returns what a service is called to people: "Kafka broker 1 of cluster kafka on kafka-1".
    pub(super) fn title(self, service: &str) -> String {
        let cluster = &self.role.cluster.value;
        match self.role.identity.value {
            Identity::Pinned => format!(
                "{service} {} of cluster {cluster} on {}",
                self.node.id.value, self.node.name.value
            ),
            Identity::Shared => format!("{service} of cluster {cluster}"),
        }
    }

    /// Returns [`directory`], at the place that says its volume, or at `otherwise`.
    ///
    /// Never the mount point itself: it holds `lost+found`, and it exists while nothing is mounted.
    pub(super) fn directory(
        self,
        volume: Option<&Spanned<String>>,
        service: &str,
        name: &str,
        otherwise: Span,
    ) -> Spanned<String> {
        Spanned::new(
            directory(self.role, volume, service, name),
            volume.map_or(otherwise, |volume| volume.span),
        )
    }
}

/// Returns the directory `name` of a volume, or of the service's own folder on the root disk where there is none.
pub(super) fn directory(
    role: &Role,
    volume: Option<&Spanned<String>>,
    service: &str,
    name: &str,
) -> String {
    match volume.and_then(|volume| role.volume(&volume.value)) {
        Some(volume) => format!("{}/{name}", volume.mount.value.trim_end_matches('/')),
        None => format!("/var/lib/{service}/{name}"),
    }
}

/// Returns the first node without an address, and in words who has none.
pub(super) fn without_address(role: &Role) -> Option<(&Node, String)> {
    let mut missing = role.nodes.iter().filter(|node| node.address.is_none());
    let first = missing.next()?;
    let who = match missing.count() {
        0 => format!("node `{}` has no address", first.name.value),
        more => format!("node `{}` and {more} more have no address", first.name.value),
    };
    Some((first, who))
}

/// Returns the address of a node as the host of a URL; IPv6 in brackets.
pub(super) fn host(node: &Node) -> Option<String> {
    Some(bracketed(&node.address.as_ref()?.value))
}

/// Returns an address as the host of a URL; IPv6 in brackets.
pub(super) fn bracketed(address: &str) -> String {
    if address.contains(':') && !address.starts_with('[') {
        format!("[{address}]")
    } else {
        address.to_owned()
    }
}

/// Returns `before`, then `host`, then `after`.
pub(super) fn around(before: &str, host: &Text, after: &str) -> Text {
    let mut text = Text::literal(before);
    text.push(host);
    text.push_str(after);
    text
}

/// Returns a variable; one that a secret went into stays out of what others can read.
pub(super) fn variable(name: impl Into<String>, value: Text, span: Span) -> Variable {
    let secret = value.is_secret();
    Variable { name: Spanned::new(name.into(), span), value: PerNode::Same(value), secret }
}

/// Only the other nodes.
pub(super) const MEMBERS: &[Audience] = &[Audience::Members];
/// Whoever uses the service.
pub(super) const CLIENTS: &[Audience] = &[Audience::Clients];
/// Whoever watches it.
pub(super) const MONITORING: &[Audience] = &[Audience::Monitoring];

/// Returns a port of a service as its own key sets it.
pub(super) fn listener(
    name: &str,
    key: String,
    port: &Spanned<u16>,
    audience: &[Audience],
) -> Listener {
    Listener {
        name: name.to_owned(),
        port: port.clone(),
        key,
        audience: Audiences::of(audience.iter().copied()),
        configured: false,
        nodes: None,
    }
}

/// Returns the ports that a list of `SCHEME://host:port` in a service's free-form settings opens, as of the first node.
///
/// Nobody has said who else is to reach them, so that they are for the other nodes.
pub(super) fn configured(key: &str, name: &str, value: &Spanned<PerNode<Text>>) -> Vec<Listener> {
    let known = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Host(_) | Piece::Stack(_) | Piece::Secret(_) => "host".to_owned(),
    };
    let text: String = value.value.on(0).pieces().iter().map(known).collect();
    let port = |entry: &str| entry.trim().rsplit_once(':')?.1.trim_end_matches('/').parse().ok();
    let listener = |port: u16| Listener {
        name: name.to_owned(),
        port: Spanned::new(port, value.span),
        key: key.to_owned(),
        audience: Audiences::of([Audience::Members]),
        configured: true,
        nodes: None,
    };
    text.split(',').filter_map(port).map(listener).collect()
}

impl Listener {
    /// Returns it as a port of a container.
    pub(super) fn to_port(&self) -> Port {
        Port {
            name: Spanned::new(self.name.clone(), self.port.span),
            number: self.port.clone(),
            inside: None,
            entry: self.port.span,
            udp: false,
            audience: self.audience.clone(),
        }
    }
}

/// Returns the names of all nodes.
pub(super) fn every_node(role: &Role) -> Vec<String> {
    role.nodes.iter().map(|node| node.name.value.clone()).collect()
}

/// Returns a port on every node as a list for clients; `None` where an address is not known.
pub(super) fn endpoint(
    role: &Role,
    scheme: &str,
    port: &Spanned<u16>,
    end: &str,
) -> Option<String> {
    let server = |node: &Node| {
        let address = node.address.as_ref()?;
        Some(format!("{scheme}{}:{}", address.value, port.value))
    };
    let servers: Option<Vec<String>> = role.nodes.iter().map(server).collect();
    Some(format!("{}{end}", servers?.join(",")))
}

/// Returns a directory of the host that a service writes to, made before it starts.
pub(super) fn data_bind(from: Spanned<String>, to: &str, owner: u32, mode: u32) -> Bind {
    Bind {
        from,
        to: to.to_owned(),
        read_only: false,
        slave: false,
        create: Some(Ownership { uid: owner, gid: owner, mode }),
    }
}

/// Returns the placement of a service: one to a host.
pub(super) fn one_per_host(unit: &str) -> Placement {
    Placement { conflicts: vec![format!("{unit}.service")], ..Placement::default() }
}
