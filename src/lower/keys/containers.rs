//! Keys of `containers`, and of where fleet puts a unit.

use crate::profile::schema::{Field, Key, LINES, Type, UNITS, field};
use crate::service::container::{BINDS, ENV, MEMORY, ULIMITS};

pub(super) const CONTAINER: &[Field] = &[
    field("description", Type::Text, "One line for people."),
    field("image", Type::Text, "Image, with its tag."),
    field("network", Type::Word(&["host", "bridge"]), "Network; the host's own where left out."),
    field(
        "ports",
        Type::Map(Key::Name, &Type::Either(&[Type::Port, Type::Record(PORT_RECORD)])),
        "What it listens on, by name.",
    ),
    field("user", Type::Text, "UID[:GID] it runs as."),
    field("entrypoint", Type::Path, "Replaces the image's entry point."),
    field("args", Type::List(&Type::HostText), "Words after the image."),
    ENV,
    BINDS,
    field("tmpfs", Type::List(&Type::ColonlessPath), "Paths inside the container that are memory."),
    ULIMITS,
    MEMORY,
    field("stop_timeout", Type::Duration, "Time from SIGTERM to SIGKILL; 10 s where left out."),
    field("ready_port", Type::Port, "Port that must accept before dependants start."),
    field("after", UNITS, "Units it starts after."),
    field("requires", UNITS, "Units it cannot run without."),
    field("wants", UNITS, "Units it would like beside it."),
    field("placement", Type::Record(PLACEMENT), "Where fleet may put it (container-linux only)."),
];

const PORT_RECORD: &[Field] = &[
    field("port", Type::Port, "The number."),
    field("protocol", Type::Word(&["tcp", "udp"]), "tcp where left out."),
    field(
        "audience",
        Type::List(&Type::Word(&["host", "members", "clients", "monitoring"])),
        "Who may reach it; `clients` where left out. Every word but `host` lets the members in, too.",
    ),
];

pub(super) const PLACEMENT: &[Field] = &[
    field("conflicts", LINES, "`Conflicts=`: never beside units of these names."),
    field("machine_of", Type::Unit, "`MachineOf=`: on the machine of this unit."),
    field("global", Type::Bool, "`Global=`: on every machine."),
    field(
        "metadata",
        Type::Map(Key::Name, &Type::Token),
        "`MachineMetadata=`: only where the machine has these.",
    ),
];
