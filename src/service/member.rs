//! The node a service is expanded for, and the few shapes all services need from it.

use crate::model::{
    Bind, HostFact, Identity, Node, Ownership, PerNode, Placement, Port, Role, Text, Variable,
};
use crate::source::{Span, Spanned};

/// One node of a cluster.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    /// The whole role.
    pub(super) cluster: &'a Role,
    /// The node itself.
    pub(super) node: &'a Node,
    /// Its position, from 0.
    pub(super) position: usize,
}

impl<'a> Member<'a> {
    /// Returns the node at `position`, from 0.
    pub(super) fn of(cluster: &'a Role, position: usize) -> Option<Self> {
        cluster.nodes.get(position).map(|node| Self { cluster, node, position })
    }

    /// Tells whether the node is known when it is built.
    pub(super) fn pinned(self) -> bool {
        self.cluster.identity.value == Identity::Pinned
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
        let cluster = &self.cluster.name.value;
        match self.cluster.identity.value {
            Identity::Pinned => format!(
                "{service} {} of cluster {cluster} on {}",
                self.node.id.value, self.node.name.value
            ),
            Identity::Shared => format!("{service} of cluster {cluster}"),
        }
    }

    /// Returns the directory `name` of a volume, or of `fallback` on the root disk where there is none.
    ///
    /// Never the mount point itself: it holds `lost+found`, and it exists while nothing is mounted.
    pub(super) fn directory(
        self,
        volume: Option<&Spanned<String>>,
        fallback: &str,
        name: &str,
        otherwise: Span,
    ) -> Spanned<String> {
        let found = volume.and_then(|volume| self.cluster.volume(&volume.value));
        let mount = found.map_or(fallback, |volume| volume.mount.value.as_str());
        Spanned::new(
            format!("{}/{name}", mount.trim_end_matches('/')),
            volume.map_or(otherwise, |volume| volume.span),
        )
    }
}

/// Returns the first node without an address, and in words who has none.
pub(super) fn without_address(cluster: &Role) -> Option<(&Node, String)> {
    let mut missing = cluster.nodes.iter().filter(|node| node.address.is_none());
    let first = missing.next()?;
    let who = match missing.count() {
        0 => format!("node `{}` has no address", first.name.value),
        more => format!("node `{}` and {more} more have no address", first.name.value),
    };
    Some((first, who))
}

/// Returns the address of a node as the host of a URL; IPv6 in brackets.
pub(super) fn host(node: &Node) -> Option<String> {
    let address = &node.address.as_ref()?.value;
    Some(if address.contains(':') && !address.starts_with('[') {
        format!("[{address}]")
    } else {
        address.clone()
    })
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

/// Returns a TCP port a service listens on.
pub(super) fn port(name: &str, number: &Spanned<u16>) -> Port {
    Port { name: Spanned::new(name.to_owned(), number.span), number: number.clone(), udp: false }
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
