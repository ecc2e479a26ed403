//! Keys of `containers`, and of where fleet puts a unit.

use crate::profile::schema::{AUDIENCE, Field, Key, LINES, Type, UNITS, field};

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
    field("env", Type::Map(Key::Variable, &Type::SecretText), "Environment."),
    field("binds", Type::List(&Type::Record(BIND)), "Host paths inside the container."),
    field("tmpfs", Type::List(&Type::ColonlessPath), "Paths inside the container that are memory."),
    field("ulimits", Type::Map(Key::Name, &Type::Text), "Limits, as `nofile: 65536:65536`."),
    field("memory", Type::Bytes, "Most memory it may use."),
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
    AUDIENCE,
];

const BIND: &[Field] = &[
    field("from", Type::Path, "Path on the host."),
    field("to", Type::Path, "Path in the container."),
    field(
        "options",
        Type::List(&Type::Word(&["ro", "rslave"])),
        "`ro`: read only; `rslave`: mounts below travel in.",
    ),
    field("create", Type::Record(CREATE), "Makes the directory before the start."),
];

const CREATE: &[Field] = &[
    field("uid", Type::Integer(0, 4_294_967_294), "Numeric user."),
    field("gid", Type::Integer(0, 4_294_967_294), "Numeric group."),
    field("mode", Type::Mode, "Permissions; 0750 where left out."),
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
