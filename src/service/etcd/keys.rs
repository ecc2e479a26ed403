//! The keys of an etcd in a profile, and what it says where a profile does not.

use super::super::container::{BINDS, ENV, MEMORY, SECRETS, ULIMITS};
use super::super::seat::{BIRTH, MEMBER_PORT};
use super::tables;
use crate::profile::schema::{Field, Key, Section, Type, field};

pub(super) const SECTION: Section = Section {
    word: "etcd",
    keys: KEYS,
    doc: "An etcd member on every node.",
    defaults: include_str!("defaults.yaml"),
};

const KEYS: &[Field] = &[
    field("image", Type::Text, "Image, with its tag."),
    field("version", Type::Version, "Version of etcd in the image, where its tag does not say it."),
    field(
        "bootstrap",
        Type::Word(&["auto", "discovery", "static"]),
        "How members find each other the first time; `auto`: by token if there is one.",
    ),
    field("discovery", Type::Url, "v2 discovery URL with its token (etcd up to 3.6)."),
    field("discovery_token", Type::GuardedText, "v3 discovery token (etcd from 3.6)."),
    field(
        "discovery_endpoints",
        Type::List(&Type::Url),
        "Client URLs of the etcd that serves the v3 token.",
    ),
    field("volume", Type::Name, "Volume of the data."),
    MEMORY,
    field("client_port", Type::Port, "Port of clients."),
    field("peer_port", Type::Port, "Port of peers."),
    MEMBER_PORT,
    BIRTH,
    field(
        "config",
        Type::Settings(Key::Name, &Type::HostText, || &tables::FLAGS),
        "Further flags, without their dashes; they win over the generated ones.",
    ),
    ENV,
    SECRETS,
    BINDS,
    ULIMITS,
];
