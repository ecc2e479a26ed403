//! The keys of the language itself; those of all sections are handed in with the grammar.

use crate::model::{Format, IgnitionVersion, Os, Platform};

use super::types::{Bare, Field, Key, TEXTS, Type, field};

/// What every role says, in the order in which it is listed, before the services.
pub(super) const OWN: &[Field] = &[
    field("description", Type::Text, "One line for people, shown by `cfgbuild list`."),
    field(
        "extends",
        Type::Either(&[Type::Name, Type::List(&Type::Name)]),
        "The profile this one is laid over, or several: a later one lies over an earlier one.",
    ),
    field(
        "vars",
        Type::Named(Key::Name, &Type::Record(VARIABLE), Bare::May),
        "Variables, by name; a bare value sets one that a parent declares.",
    ),
    field("target", Type::Record(TARGET), "What is compiled for."),
    field("cluster", Type::Record(CLUSTER), "Who is in the cluster."),
];

/// What `target` and `cluster` say where a profile does not, below the head of the whole text.
pub(super) const DEFAULTS: &str = "\
# The bottom layer of every profile: what cfgbuild itself says. A section counts only where a profile has it.
target: { os: flatcar, platform: aws, ignition: 3.4.0 }
cluster: { nodes: 1, identity: pinned }
";

/// Services under names of their own.
pub(super) const SERVICES: Field = field(
    "services",
    Type::Services,
    "Services under names of their own: each a `kind` and the keys of that section.",
);

/// What an instance of a service is; it stands beside the keys of that kind.
pub(super) const KIND: Field =
    field("kind", Type::Name, "Kind of the service: the name of its section.");

/// What a variable may be.
pub(crate) const VARIABLE_TYPES: &[&str] =
    &["string", "int", "bool", "memory", "size", "duration", "url", "port", "enum", "secret"];

const VARIABLE: &[Field] = &[
    field("type", Type::Word(VARIABLE_TYPES), "What its values are."),
    field("default", Type::GuardedText, "The value where nothing else sets one."),
    field(
        "from",
        Type::Text,
        "Where machines fetch a `secret` at boot that nothing sets: `ssm:/NAME`, `secretsmanager:NAME` or `…NAME#KEY`.",
    ),
    field("description", Type::Text, "What it is for."),
    field("pattern", Type::Text, "A regular expression the whole value must match."),
    field("values", TEXTS, "The words of an `enum`."),
];

const TARGET: &[Field] = &[
    field("os", Type::Word(&Os::WORDS), "Operating system."),
    field(
        "platform",
        Type::Word(&Platform::WORDS),
        "Where it runs, and so who knows the host's addresses.",
    ),
    field(
        "ignition",
        Type::Word(&IgnitionVersion::WORDS),
        "Version of the Ignition spec to write.",
    ),
    field(
        "formats",
        Type::List(&Type::Word(&Format::WORDS)),
        "What to write; all the system reads where it is left out.",
    ),
];

const CLUSTER: &[Field] = &[
    field("name", Type::Name, "Name of the cluster; prefix of its nodes."),
    field(
        "nodes",
        Type::Either(&[
            Type::Integer(1, 10_000),
            Type::Named(Key::Name, &Type::Record(NODE), Bare::May),
        ]),
        "How many nodes, or the nodes by name.",
    ),
    field(
        "first_id",
        Type::Integer(0, 2_147_483_647),
        "Number of the first node, from which the others are counted; 1 where left out.",
    ),
    field(
        "leaving",
        Type::List(&Type::Name),
        "Nodes that are about to go, and are listed until they have: `cfgbuild goodbye` says how.",
    ),
    field("domain", Type::Host, "Domain of the nodes: each is reached as NODE.DOMAIN."),
    field(
        "identity",
        Type::Word(&["pinned", "shared"]),
        "`pinned`: own config, volume and address per node; `shared`: one config for all.",
    ),
    field("zones", Type::List(&Type::Name), "Availability zones the nodes take turns in."),
];

const NODE: &[Field] = &[
    field("zone", Type::Name, "Availability zone."),
    field("address", Type::Host, "Name or address under which the others reach it."),
    field("ip", Type::Ipv4, "Where its name leads: every machine gets it in `/etc/hosts`."),
    field("id", Type::Integer(0, 2_147_483_647), "Number of the member: myid, broker.id, node.id."),
];
