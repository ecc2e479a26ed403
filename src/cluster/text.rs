//! Text that may differ from node to node and may hold facts known only at boot.

use std::fmt;

/// A fact of the host that exists only once it has booted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostFact {
    /// Address inside the VPC.
    PrivateIpv4,
    /// Address on the internet.
    PublicIpv4,
    /// The platform's host name.
    Hostname,
    /// Availability zone.
    Zone,
    /// Region.
    Region,
    /// The platform's id of the instance.
    InstanceId,
}

impl HostFact {
    /// All of them, with the name a template uses after `host.`.
    pub const ALL: [(&'static str, Self); 6] = [
        ("private_ipv4", Self::PrivateIpv4),
        ("public_ipv4", Self::PublicIpv4),
        ("hostname", Self::Hostname),
        ("zone", Self::Zone),
        ("region", Self::Region),
        ("instance_id", Self::InstanceId),
    ];
}

impl fmt::Display for HostFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL.iter().find(|(_, fact)| fact == self).map_or("", |(name, _)| *name))
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Known now.
    Literal(String),
    /// Known at boot.
    Host(HostFact),
}

/// A text of literals and host facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pieces: Vec<Piece>,
    secret: bool,
}

impl Text {
    /// Returns a text without facts.
    pub fn literal(text: impl Into<String>) -> Self {
        let mut made = Self::default();
        made.push_str(&text.into());
        made
    }

    /// Returns a text that is one fact.
    pub fn host(fact: HostFact) -> Self {
        Self { pieces: vec![Piece::Host(fact)], secret: false }
    }

    /// Appends a literal.
    pub fn push_str(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(Piece::Literal(last)) => last.push_str(text),
            Some(Piece::Host(_)) | None => self.pieces.push(Piece::Literal(text.to_owned())),
        }
    }

    /// Appends a fact.
    pub fn push_host(&mut self, fact: HostFact) {
        self.pieces.push(Piece::Host(fact));
    }

    /// Appends another text; what a secret goes into is secret.
    pub fn push(&mut self, other: &Self) {
        self.secret |= other.secret;
        for piece in &other.pieces {
            match piece {
                Piece::Literal(text) => self.push_str(text),
                Piece::Host(fact) => self.push_host(*fact),
            }
        }
    }

    /// Returns the text as one that others must not read, if `secret`.
    #[must_use]
    pub fn guarded(mut self, secret: bool) -> Self {
        self.secret |= secret;
        self
    }

    /// Tells whether a secret went into it.
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// Returns the pieces; no two literals stand side by side and none is empty.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Returns the whole text if it holds no fact.
    pub fn plain(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns the facts in the order they come.
    pub fn facts(&self) -> impl Iterator<Item = HostFact> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Host(fact) => Some(*fact),
            Piece::Literal(_) => None,
        })
    }
}

/// A value that is the same on all nodes, or one per node in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PerNode<T> {
    /// The same on all.
    Same(T),
    /// One per node; as many as there are nodes.
    Each(Vec<T>),
}

impl<T> PerNode<T> {
    /// Returns the value on the node at `position` (from 0).
    pub fn on(&self, position: usize) -> &T {
        match self {
            Self::Same(value) => value,
            Self::Each(values) => values
                .get(position)
                .or_else(|| values.last())
                .expect("one value per node, and a role has nodes"),
        }
    }

    /// Returns all values there are.
    pub fn all(&self) -> &[T] {
        match self {
            Self::Same(value) => std::slice::from_ref(value),
            Self::Each(values) => values,
        }
    }
}
