//! Text that may differ from node to node and may hold facts known only at boot.

use std::fmt;

use super::parameter::Parameter;

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

/// A value that a CloudFormation stack gives its machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StackFact {
    /// Name of the stack.
    Name,
    /// ARN of the stack.
    Id,
    /// Region of the stack.
    Region,
    /// Account of the stack.
    AccountId,
    /// Partition of the region, as `aws-cn`.
    Partition,
    /// What a service asks the stack for.
    Parameter(&'static Parameter),
    /// Id of the private DNS zone.
    ZoneId,
    /// Logical id of the node's Auto Scaling group.
    Group,
    /// Logical id of what the stack's creation waits for.
    Ready,
}

impl StackFact {
    /// Those a template may use, with the name after `stack.`; the others are cfgbuild's own.
    pub const ALL: [(&'static str, Self); 5] = [
        ("name", Self::Name),
        ("id", Self::Id),
        ("region", Self::Region),
        ("account_id", Self::AccountId),
        ("partition", Self::Partition),
    ];

    /// Returns the variable that holds it on a machine.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Name => "CFGBUILD_STACK",
            Self::Id => "CFGBUILD_STACK_ID",
            Self::Region => "CFGBUILD_STACK_REGION",
            Self::AccountId => "CFGBUILD_STACK_ACCOUNT_ID",
            Self::Partition => "CFGBUILD_STACK_PARTITION",
            Self::Parameter(parameter) => parameter.variable,
            Self::ZoneId => "CFGBUILD_ZONE_ID",
            Self::Group => "CFGBUILD_STACK_GROUP",
            Self::Ready => "CFGBUILD_STACK_READY",
        }
    }

    /// Returns whether only the stack knows it; a logical id is known when the stack is written.
    pub fn is_late(self) -> bool {
        !matches!(self, Self::Group | Self::Ready)
    }

    /// Returns the most bytes its value may have.
    pub fn longest(self) -> usize {
        match self {
            Self::Name => 128,
            Self::Id => 256,
            Self::Region => 20,
            Self::AccountId => 12,
            Self::Partition => 10,
            Self::Parameter(parameter) => parameter.longest,
            Self::ZoneId => 32,
            Self::Group | Self::Ready => 0,
        }
    }
}

impl fmt::Display for StackFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "name",
            Self::Id => "id",
            Self::Region => "region",
            Self::AccountId => "account_id",
            Self::Partition => "partition",
            Self::Parameter(parameter) => parameter.word,
            Self::ZoneId => "zone_id",
            Self::Group => "group",
            Self::Ready => "ready",
        })
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Known now.
    Literal(String),
    /// Known at boot.
    Host(HostFact),
    /// Known to the stack the machine runs in.
    Stack(StackFact),
    /// Fetched at boot, and for nobody else to read.
    Secret(SecretSource),
}

/// Where a machine fetches a secret from when it boots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretSource {
    /// A parameter of SSM, by name or ARN.
    Parameter(String),
    /// A secret of Secrets Manager.
    Secret {
        /// Name or ARN.
        id: String,
        /// The key whose value is meant, where the secret is a JSON object.
        key: Option<String>,
    },
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(name) => write!(f, "ssm:{name}"),
            Self::Secret { id, key: None } => write!(f, "secretsmanager:{id}"),
            Self::Secret { id, key: Some(key) } => write!(f, "secretsmanager:{id}#{key}"),
        }
    }
}

/// A text of literals and facts.
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

    /// Returns a text that is one value of the stack.
    pub fn stack(fact: StackFact) -> Self {
        Self { pieces: vec![Piece::Stack(fact)], secret: false }
    }

    /// Appends a literal.
    pub fn push_str(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(Piece::Literal(last)) => last.push_str(text),
            Some(Piece::Host(_) | Piece::Stack(_) | Piece::Secret(_)) | None => {
                self.pieces.push(Piece::Literal(text.to_owned()));
            }
        }
    }

    /// Appends a fact.
    pub fn push_host(&mut self, fact: HostFact) {
        self.pieces.push(Piece::Host(fact));
    }

    /// Appends a value of the stack.
    pub fn push_stack(&mut self, fact: StackFact) {
        self.pieces.push(Piece::Stack(fact));
    }

    /// Appends a secret that is fetched at boot.
    pub fn push_secret(&mut self, source: SecretSource) {
        self.pieces.push(Piece::Secret(source));
    }

    /// Appends another text; what a secret goes into is secret.
    pub fn push(&mut self, other: &Self) {
        self.secret |= other.secret;
        other.pieces.iter().for_each(|piece| self.push_piece(piece));
    }

    /// Appends a part of another text.
    pub fn push_piece(&mut self, piece: &Piece) {
        match piece {
            Piece::Literal(text) => self.push_str(text),
            Piece::Host(fact) => self.push_host(*fact),
            Piece::Stack(fact) => self.push_stack(*fact),
            Piece::Secret(source) => self.push_secret(source.clone()),
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

    /// Returns the secrets in it that are fetched at boot.
    pub fn fetched(&self) -> impl Iterator<Item = &SecretSource> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Secret(source) => Some(source),
            Piece::Literal(_) | Piece::Host(_) | Piece::Stack(_) => None,
        })
    }

    /// Returns the whole names of the facts in it, as `host.zone`, in the order they come.
    pub fn facts(&self) -> impl Iterator<Item = String> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Host(fact) => Some(format!("host.{fact}")),
            Piece::Stack(fact) => Some(format!("stack.{fact}")),
            Piece::Secret(source) => Some(source.to_string()),
            Piece::Literal(_) => None,
        })
    }
}

/// A value that is the same on all nodes, or one per node in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PerNode<T> {
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
