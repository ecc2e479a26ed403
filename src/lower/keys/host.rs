//! Keys of what is written into a machine: units, files, users, kernel, updates.

use super::containers::PLACEMENT;
use crate::profile::schema::{Field, Key, LINES, TEXTS, Type, field};

pub(super) const UNIT: &[Field] = &[
    field("contents", Type::UnitText, "The whole unit file."),
    field("enabled", Type::Bool, "Whether it starts with the machine."),
    field("mask", Type::Bool, "Link it to /dev/null."),
    field("dropins", Type::Map(Key::Name, &Type::UnitText), "Drop-ins, by file name."),
    field("placement", Type::Record(PLACEMENT), "Where fleet may put it (container-linux only)."),
];

pub(super) const FILE: &[Field] = &[
    field("inline", Type::NodeText, "The contents."),
    field(
        "local",
        Type::Text,
        "A file below `files/` of this profile; a template if it ends in .hbs.",
    ),
    field("base64", Type::GuardedText, "The contents in base64."),
    field("json", Type::Free, "The contents as JSON of this value."),
    field("yaml", Type::Free, "The contents as YAML of this value."),
    field("mode", Type::Mode, "Permissions; 0644 where left out."),
    field("user", Type::Name, "Owner, by name or number; root where left out."),
    field("group", Type::Name, "Group, by name or number; root where left out."),
    field("secret", Type::Bool, "Keep it 0600 on the way: a secret variable does so by itself."),
];

pub(super) const DIRECTORY: &[Field] = &[
    field("mode", Type::Mode, "Permissions; 0755 where left out."),
    field("user", Type::Name, "Owner, by name or number; root where left out."),
    field("group", Type::Name, "Group, by name or number; root where left out."),
];

pub(super) const LINK: &[Field] = &[
    field("target", Type::Line, "What it points at."),
    field("hard", Type::Bool, "A hard link instead of a symbolic one."),
];

pub(super) const USER: &[Field] = &[
    field("ssh_authorized_keys", TEXTS, "Public keys, one authorized_keys line each."),
    field("password_hash", Type::PasswordHash, "Hash as in shadow(5), as `mkpasswd` prints it."),
    field("uid", Type::Integer(0, 4_294_967_294), "Numeric id."),
    field("primary_group", Type::Name, "Primary group."),
    field("groups", Type::List(&Type::Name), "Supplementary groups."),
    field("home_dir", Type::ColonlessPath, "Home directory."),
    field("shell", Type::ColonlessPath, "Login shell."),
    field("system", Type::Bool, "A system account."),
    field("should_exist", Type::Bool, "`false` removes it (Ignition 3.2.0)."),
];

pub(super) const GROUP: &[Field] = &[
    field("gid", Type::Integer(0, 4_294_967_294), "Numeric id."),
    field("system", Type::Bool, "A system group."),
];

pub(super) const KERNEL_ARGUMENTS: &[Field] = &[
    field("should_exist", LINES, "Must be there."),
    field("should_not_exist", LINES, "Must not be there."),
];

pub(super) const UPDATES: &[Field] = &[
    field(
        "strategy",
        Type::Word(&["off", "windows", "lock"]),
        "`windows`: each node in a weekly window of its own; `lock`: whoever holds the lock.",
    ),
    field("window", Type::Record(WINDOW), "The first node's window; the others follow."),
    field("group", Type::Name, "Name of the lock's group."),
    field("url", Type::Url, "Base URL of a FleetLock server (fedora-coreos)."),
];

const WINDOW: &[Field] = &[
    field("start", Type::Clock, "Start, UTC; 04:00 where left out."),
    field("length", Type::Duration(60), "Length; 1h where left out."),
];
