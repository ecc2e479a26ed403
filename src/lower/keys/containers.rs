//! Keys of `containers`, and of where fleet puts a unit.

use crate::profile::schema::{AUDIENCE, Field, Key, LINES, Type, UNITS, field};
use crate::service::container::{BINDS, ENV, MEMORY, SECRETS, ULIMITS};

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
    SECRETS,
    BINDS,
    field("tmpfs", Type::List(&Type::ColonlessPath), "Paths inside the container that are memory."),
    ULIMITS,
    MEMORY,
    field("shm_size", Type::Bytes, "Size of `/dev/shm`; 64 MiB where left out."),
    field(
        "cap_add",
        Type::List(&Type::Word(&CAPABILITIES)),
        "Capabilities it gets besides, without `CAP_`.",
    ),
    field("cap_drop", Type::List(&Type::Word(&OR_ALL)), "Capabilities it does without, or `ALL`."),
    field(
        "read_only",
        Type::Bool,
        "Nothing is written outside of `binds` and `tmpfs`; `false` where left out.",
    ),
    field(
        "devices",
        Type::List(&Type::Either(&[Type::Line, Type::Record(DEVICE)])),
        "Devices of the host that it may use: `PATH[:CONTAINER_PATH][:PERMISSIONS]`, or a map.",
    ),
    field(
        "security_opt",
        Type::List(&Type::Token),
        "Options of `--security-opt`, as `no-new-privileges`.",
    ),
    field("labels", Type::Map(Key::Name, &Type::Line), "Labels of the container."),
    field("stop_timeout", Type::Duration(1), "Time from SIGTERM to SIGKILL; 10 s where left out."),
    field("ready_port", Type::Port, "Port that must accept before dependants start."),
    field("health", Type::Record(HEALTH), "What must succeed in it before dependants start."),
    field("after", UNITS, "Units it starts after."),
    field("requires", UNITS, "Units it cannot run without."),
    field("wants", UNITS, "Units it would like beside it."),
    field("placement", Type::Record(PLACEMENT), "Where fleet may put it (container-linux only)."),
];

/// The words of `capabilities(7)`.
const CAPABILITIES: [&str; 41] = [
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "AUDIT_WRITE",
    "BLOCK_SUSPEND",
    "BPF",
    "CHECKPOINT_RESTORE",
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "PERFMON",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYSLOG",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "WAKE_ALARM",
];

/// The same, and what stands for all of them.
const OR_ALL: [&str; 42] = {
    let mut words = ["ALL"; 42];
    let (_, rest) = words.split_at_mut(1);
    rest.copy_from_slice(&CAPABILITIES);
    words
};

const DEVICE: &[Field] = &[
    field("path", Type::ColonlessPath, "Path on the host."),
    field("container_path", Type::ColonlessPath, "Path in the container; `path` where left out."),
    field(
        "permissions",
        Type::Token,
        "Letters of `rwm`: read, write, make nodes; all of them where left out.",
    ),
];

const HEALTH: &[Field] = &[
    field("command", Type::Line, "What the shell of the image runs."),
    field("interval", Type::Duration(1), "Time between two looks; 10 s where left out."),
    field("timeout", Type::Duration(1), "Time that one may take; 5 s where left out."),
    field(
        "retries",
        Type::Integer(1, 1_000),
        "How many in a row fail before it is unhealthy; 3 where left out.",
    ),
];

const PORT_RECORD: &[Field] = &[
    field("port", Type::Port, "The number, on the host."),
    field(
        "container_port",
        Type::Port,
        "The number in the container, behind a bridge; `port` where left out.",
    ),
    field("protocol", Type::Word(&["tcp", "udp"]), "tcp where left out."),
    AUDIENCE,
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
