//! What types there are: the words that tables of keys are written in.
//!
//! Knows no key.

use crate::settings::Table;

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Any text; the same on all nodes.
    Text,
    /// A text in one line: what becomes a line of a file that is read line by line. Readers drop blanks around it, and
    /// take a backslash at its end for a line that goes on.
    Line,
    /// A text without blanks, quotes and backslashes.
    Token,
    /// A unit file name.
    Unit,
    /// What stands for a password in `shadow(5)`.
    PasswordHash,
    /// Any text; may differ from node to node.
    NodeText,
    /// Any text; may differ from node to node and hold facts of the host.
    HostText,
    /// The same, read line by line: no value in it brings lines of its own.
    UnitText,
    /// Any text; may hold secrets that are fetched at boot, besides.
    SecretText,
    /// Any text; the same on all nodes, and may be a secret: whatever carries it is for the owner's eyes only.
    GuardedText,
    /// A short name: letters, digits, `.`, `-`, `_`.
    Name,
    /// The name of another role of the workspace, which is read with this one.
    Role,
    /// A DNS name or an IPv4 address.
    Host,
    /// `true` or `false`.
    Bool,
    /// A whole number within bounds.
    Integer(u64, u64),
    /// The number of a port: 1 to 65535.
    Port,
    /// File permissions.
    Mode,
    /// An amount: `2GiB`.
    Bytes,
    /// A duration, `90s`, and the seconds below which it makes no sense: a number without its unit is taken for
    /// no less.
    Duration(u64),
    /// A time of day: `04:00`.
    Clock,
    /// A version: `3.9` or `3.9.1`.
    Version,
    /// An http or https URL, or nothing.
    Url,
    /// An IPv4 address: `10.0.0.1`.
    Ipv4,
    /// An IPv4 network: `10.0.0.0/8`.
    Cidr,
    /// An absolute, clean path.
    Path,
    /// An absolute, clean path that stands beside a colon, as in a line of passwd(5).
    ColonlessPath,
    /// One of these words.
    Word(&'static [&'static str]),
    List(&'static Type),
    /// A map of names to values of one type.
    Map(Key, &'static Type),
    /// A map of a server's settings to values of one type, with what the server knows of them.
    Settings(Key, &'static Type, fn() -> &'static Table),
    /// A map whose entries are things that exist by being named; `null` only takes back what a parent names.
    Named(Key, &'static Type, Bare),
    /// Instances of services by name, each with the keys of its kind.
    Services,
    /// A map of known keys.
    Record(&'static [Field]),
    /// Whichever fits the kind of value: scalar, list or map.
    Either(&'static [Type]),
    /// Any YAML, taken as it is.
    Free,
}

/// Whether an entry of a [`Type::Named`] map may say nothing about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// `NAME: {}` is a whole entry.
    May,
    /// An entry has to say what it is.
    MustSay,
}

/// What the keys of a map are.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// Any text.
    Text,
    /// A short name.
    Name,
    /// A unit file name.
    Unit,
    /// An absolute, clean path.
    Path,
    /// An absolute, clean path of something that stands in a folder.
    File,
    /// A variable of a container's environment: dots and dashes are common there.
    Variable,
    /// The name of an account: a short name of 32 bytes at most.
    Account,
    /// The name of a kernel setting.
    Sysctl,
}

/// A key of a record.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub of: Type,
    /// What it means, in one sentence.
    pub doc: &'static str,
}

/// Returns a key of a record.
pub const fn field(name: &'static str, of: Type, doc: &'static str) -> Field {
    Field { name, of, doc }
}

/// A list of texts.
pub const TEXTS: Type = Type::List(&Type::Text);

/// A list of texts in one line each.
pub const LINES: Type = Type::List(&Type::Line);

/// Who may reach a port.
pub const AUDIENCE: Field = field(
    "audience",
    Type::List(&Type::Word(&["host", "members", "clients", "monitoring"])),
    "Who may reach it; `clients` where left out. Every word but `host` lets the members in, too.",
);

/// A list of unit file names.
pub const UNITS: Type = Type::List(&Type::Unit);

/// What kind of value a type asks for, without what it says about a scalar.
#[derive(Clone, Copy, Debug)]
pub enum Form<'t> {
    /// A single value.
    Scalar,
    /// A list of these.
    List(&'t Type),
    /// A map of names to these.
    Map(Key, &'t Type),
    /// A map of known keys.
    Record(&'t [Field]),
    /// Instances of services by name.
    Services,
    /// Whichever of these fits.
    Either(&'t [Type]),
    /// Anything.
    Free,
}

impl Type {
    /// Returns whether a value of it may be a secret; all others are shown, and end in places that anybody may read.
    pub fn may_be_secret(&self) -> bool {
        matches!(
            self,
            Self::NodeText
                | Self::HostText
                | Self::UnitText
                | Self::PasswordHash
                | Self::SecretText
                | Self::GuardedText
                | Self::Free
        )
    }

    /// Returns what kind of value it asks for: the one place that lists the scalars.
    pub fn form(&self) -> Form<'_> {
        match self {
            Self::Text
            | Self::Line
            | Self::Token
            | Self::Unit
            | Self::PasswordHash
            | Self::NodeText
            | Self::HostText
            | Self::UnitText
            | Self::SecretText
            | Self::GuardedText
            | Self::Name
            | Self::Role
            | Self::Host
            | Self::Bool
            | Self::Integer(..)
            | Self::Port
            | Self::Mode
            | Self::Bytes
            | Self::Duration(_)
            | Self::Clock
            | Self::Ipv4
            | Self::Version
            | Self::Url
            | Self::Cidr
            | Self::Path
            | Self::ColonlessPath
            | Self::Word(_) => Form::Scalar,
            Self::List(of) => Form::List(of),
            Self::Map(key, of) | Self::Named(key, of, _) | Self::Settings(key, of, _) => {
                Form::Map(*key, of)
            }
            Self::Record(fields) => Form::Record(fields),
            Self::Services => Form::Services,
            Self::Either(types) => Form::Either(types),
            Self::Free => Form::Free,
        }
    }
}
