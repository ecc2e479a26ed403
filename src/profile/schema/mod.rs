//! What a user may write: every key, its type and its meaning, as data.
//!
//! The one table behind checking, "did you mean" and the reference. It knows words, not what they do.

mod aws;
mod services;
mod storage;

use aws::AWS;
use services::{ETCD, KAFKA, ZOOKEEPER};
use storage::STORAGE;

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Any text; the same on all nodes.
    Text,
    /// Any text; may differ from node to node.
    NodeText,
    /// Any text; may differ from node to node and hold facts of the host.
    HostText,
    /// Any text; may hold secrets that are fetched at boot, besides.
    SecretText,
    /// A short name: letters, digits, `.`, `-`, `_`.
    Name,
    /// A DNS name or an IPv4 address.
    Host,
    /// `true` or `false`.
    Bool,
    /// A whole number within bounds.
    Integer(u64, u64),
    /// File permissions.
    Mode,
    /// An amount: `2GiB`.
    Bytes,
    /// A duration: `90s`.
    Duration,
    /// A time of day: `04:00`.
    Clock,
    /// An http or https URL, or nothing.
    Url,
    /// An IPv4 network: `10.0.0.0/8`.
    Cidr,
    /// An absolute, clean path.
    Path,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list.
    List(&'static Type),
    /// A map of names to values of one type.
    Map(Key, &'static Type),
    /// A map of known keys.
    Record(&'static [Field]),
    /// Whichever fits the kind of value: scalar, list or map.
    Either(&'static [Type]),
    /// Any YAML, taken as it is.
    Free,
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
    /// A variable of an environment.
    Variable,
}

/// A key of a record.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// Its type.
    pub of: Type,
    /// What it means, in one sentence.
    pub doc: &'static str,
}

const fn field(name: &'static str, of: Type, doc: &'static str) -> Field {
    Field { name, of, doc }
}

const PORT: Type = Type::Integer(1, 65_535);
const TEXTS: Type = Type::List(&Type::Text);
const OWNER: Type = Type::Name;

/// All keys of a profile.
pub const PROFILE: Type = Type::Record(&[
    field("description", Type::Text, "One line for people, shown by `cfgbuild list`."),
    field("extends", Type::Name, "The profile this one is laid over."),
    field(
        "vars",
        Type::Map(Key::Name, &Type::Record(VARIABLE)),
        "Variables, by name; a bare value sets one that a parent declares.",
    ),
    field("target", Type::Record(TARGET), "What is compiled for."),
    field("cluster", Type::Record(CLUSTER), "Who is in the cluster."),
    field("etcd", Type::Record(ETCD), "An etcd member on every node."),
    field("zookeeper", Type::Record(ZOOKEEPER), "A ZooKeeper server on every node."),
    field("kafka", Type::Record(KAFKA), "A Kafka broker on every node."),
    field(
        "registry",
        Type::Record(REGISTRY),
        "A private registry that machines pull every image from.",
    ),
    field(
        "volumes",
        Type::Map(Key::Name, &Type::Record(VOLUME)),
        "Storage with a mount point, by name.",
    ),
    field(
        "containers",
        Type::Map(Key::Name, &Type::Record(CONTAINER)),
        "Further containers, by name; each becomes the unit NAME.service.",
    ),
    field(
        "units",
        Type::Map(Key::Unit, &Type::Record(UNIT)),
        "systemd units, drop-ins and masks, by unit name; `null` leaves a generated one out.",
    ),
    field(
        "files",
        Type::Map(Key::Path, &Type::Record(FILE)),
        "Files, by path; `null` leaves a generated one out.",
    ),
    field("directories", Type::Map(Key::Path, &Type::Record(DIRECTORY)), "Directories, by path."),
    field("links", Type::Map(Key::Path, &Type::Record(LINK)), "Links, by path."),
    field("users", Type::Map(Key::Name, &Type::Record(USER)), "Users, by name."),
    field("groups", Type::Map(Key::Name, &Type::Record(GROUP)), "Groups, by name."),
    field("sysctl", Type::Map(Key::Text, &Type::Text), "Kernel settings, by name."),
    field(
        "kernel_arguments",
        Type::Record(KERNEL_ARGUMENTS),
        "Arguments of the kernel command line (Ignition 3.3.0).",
    ),
    field(
        "aws",
        Type::Record(AWS),
        "The CloudFormation stack the nodes run in; none where left out.",
    ),
    field("updates", Type::Record(UPDATES), "How updates of the system reboot machines."),
    field(
        "allow",
        Type::Map(Key::Name, &Type::Text),
        "Findings that are right here, by code, each with the reason.",
    ),
    field("packer", Type::Record(PACKER), "How Packer makes an image of the role."),
    field(
        "storage",
        Type::Record(STORAGE),
        "Disks, arrays and file systems in Ignition's words, done at first boot.",
    ),
]);

const PACKER: &[Field] = &[field(
    "provisioners",
    Type::List(&Type::Map(Key::Name, &Type::Free)),
    "Provisioners of Packer, run in order once the images are pulled; each a type with its settings.",
)];

const VARIABLE: &[Field] = &[
    field(
        "type",
        Type::Word(&[
            "string", "int", "bool", "memory", "size", "duration", "url", "port", "enum", "secret",
        ]),
        "What its values are.",
    ),
    field("default", Type::Text, "The value where nothing else sets one."),
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
    field("os", Type::Word(&["flatcar", "fedora-coreos", "container-linux"]), "Operating system."),
    field(
        "platform",
        Type::Word(&["aws", "qemu", "custom"]),
        "Where it runs, and so who knows the host's addresses.",
    ),
    field(
        "ignition",
        Type::Word(&["3.0.0", "3.1.0", "3.2.0", "3.3.0", "3.4.0", "3.5.0", "3.6.0"]),
        "Version of the Ignition spec to write.",
    ),
    field(
        "formats",
        Type::List(&Type::Word(&["ignition", "cloud-config", "units", "packer"])),
        "What to write; all the system reads where it is left out.",
    ),
];

const CLUSTER: &[Field] = &[
    field("name", Type::Name, "Name of the cluster; prefix of its nodes."),
    field(
        "nodes",
        Type::Either(&[Type::Integer(1, 10_000), Type::Map(Key::Name, &Type::Record(NODE))]),
        "How many nodes, or the nodes by name.",
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
    field("id", Type::Integer(0, 2_147_483_647), "Number of the member: myid, broker.id, node.id."),
];

const REGISTRY: &[Field] = &[
    field(
        "mirror",
        Type::Text,
        "HOST[:PORT][/PATH] that takes the place of each image's registry; none where empty.",
    ),
    field(
        "prefixes",
        Type::Map(Key::Text, &Type::Text),
        "Path put before the images of a registry, by its host: `docker.io: docker-hub`.",
    ),
    field("insecure", Type::Bool, "Whether it speaks plain http."),
    field("ca", Type::Text, "Certificate of who signed the registry's, in PEM."),
    field(
        "auth",
        Type::Text,
        "base64 of USER:PASSWORD, as in docker's config.json; from a variable of type `secret`.",
    ),
];

const VOLUME: &[Field] = &[
    field("mount", Type::Path, "Mount point."),
    field("filesystem", Type::Word(&["xfs", "ext4"]), "What a blank device is formatted with."),
    field("label", Type::Name, "Label of the file system; the volume's name where left out."),
    field("options", TEXTS, "Mount options; `noatime` where left out."),
    field("device", Type::Path, "A device that is there at boot."),
    field("ebs", Type::Record(EBS), "An EBS volume."),
    field(
        "instance_store",
        Type::Record(INSTANCE_STORE),
        "Disks of the instance, fast and forgetful.",
    ),
];

const EBS: &[Field] = &[
    field("size", Type::Bytes, "Size, in whole GiB."),
    field("type", Type::Word(&["gp2", "gp3", "io1", "io2", "st1", "sc1"]), "Volume type."),
    field("keep", Type::Bool, "Whether it outlives the instance."),
    field("device", Type::Path, "Device name given at attach; from /dev/xvdf on where left out."),
    field("iops", Type::Integer(100, 256_000), "Provisioned operations per second."),
    field("throughput", Type::Integer(125, 2_000), "Provisioned throughput in MiB/s."),
];

const INSTANCE_STORE: &[Field] =
    &[field("devices", Type::List(&Type::Path), "The disks; several become one raid0.")];

const CONTAINER: &[Field] = &[
    field("description", Type::Text, "One line for people."),
    field("image", Type::Text, "Image, with its tag."),
    field("network", Type::Word(&["host", "bridge"]), "Network; the host's own where left out."),
    field(
        "ports",
        Type::Map(Key::Name, &Type::Either(&[PORT, Type::Record(PORT_RECORD)])),
        "What it listens on, by name.",
    ),
    field("user", Type::Text, "UID[:GID] it runs as."),
    field("entrypoint", Type::Path, "Replaces the image's entry point."),
    field("args", Type::List(&Type::HostText), "Words after the image."),
    field("env", Type::Map(Key::Variable, &Type::SecretText), "Environment."),
    field("binds", Type::List(&Type::Record(BIND)), "Host paths inside the container."),
    field("tmpfs", Type::List(&Type::Path), "Paths inside the container that are memory."),
    field("ulimits", Type::Map(Key::Name, &Type::Text), "Limits, as `nofile: 65536:65536`."),
    field("memory", Type::Bytes, "Most memory it may use."),
    field("stop_timeout", Type::Duration, "Time from SIGTERM to SIGKILL; 10 s where left out."),
    field("ready_port", PORT, "Port that must accept before dependants start."),
    field("after", TEXTS, "Units it starts after."),
    field("requires", TEXTS, "Units it cannot run without."),
    field("wants", TEXTS, "Units it would like beside it."),
    field("placement", Type::Record(PLACEMENT), "Where fleet may put it (container-linux only)."),
];

const PORT_RECORD: &[Field] = &[
    field("port", PORT, "The number."),
    field("protocol", Type::Word(&["tcp", "udp"]), "tcp where left out."),
    field(
        "audience",
        Type::List(&Type::Word(&["host", "members", "clients", "monitoring"])),
        "Who may reach it; `clients` where left out. Every word but `host` lets the members in, too.",
    ),
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

const PLACEMENT: &[Field] = &[
    field("conflicts", TEXTS, "`Conflicts=`: never beside units of these names."),
    field("machine_of", Type::Text, "`MachineOf=`: on the machine of this unit."),
    field("global", Type::Bool, "`Global=`: on every machine."),
    field(
        "metadata",
        Type::Map(Key::Name, &Type::Text),
        "`MachineMetadata=`: only where the machine has these.",
    ),
];

const UNIT: &[Field] = &[
    field("contents", Type::HostText, "The whole unit file."),
    field("enabled", Type::Bool, "Whether it starts with the machine."),
    field("mask", Type::Bool, "Link it to /dev/null."),
    field("dropins", Type::Map(Key::Name, &Type::HostText), "Drop-ins, by file name."),
    field("placement", Type::Record(PLACEMENT), "Where fleet may put it (container-linux only)."),
];

const FILE: &[Field] = &[
    field("inline", Type::NodeText, "The contents."),
    field(
        "local",
        Type::Text,
        "A file below `files/` of this profile; a template if it ends in .hbs.",
    ),
    field("base64", Type::Text, "The contents in base64."),
    field("json", Type::Free, "The contents as JSON of this value."),
    field("yaml", Type::Free, "The contents as YAML of this value."),
    field("mode", Type::Mode, "Permissions; 0644 where left out."),
    field("user", OWNER, "Owner, by name or number; root where left out."),
    field("group", OWNER, "Group, by name or number; root where left out."),
    field("secret", Type::Bool, "Keep it 0600 on the way: a secret variable does so by itself."),
];

const DIRECTORY: &[Field] = &[
    field("mode", Type::Mode, "Permissions; 0755 where left out."),
    field("user", OWNER, "Owner, by name or number; root where left out."),
    field("group", OWNER, "Group, by name or number; root where left out."),
];

const LINK: &[Field] = &[
    field("target", Type::Text, "What it points at."),
    field("hard", Type::Bool, "A hard link instead of a symbolic one."),
];

const USER: &[Field] = &[
    field("ssh_authorized_keys", TEXTS, "Public keys, one authorized_keys line each."),
    field("password_hash", Type::Text, "Hash as in shadow(5), as `mkpasswd` prints it."),
    field("uid", Type::Integer(0, 4_294_967_294), "Numeric id."),
    field("primary_group", Type::Name, "Primary group."),
    field("groups", Type::List(&Type::Name), "Supplementary groups."),
    field("home_dir", Type::Path, "Home directory."),
    field("shell", Type::Path, "Login shell."),
    field("system", Type::Bool, "A system account."),
    field("should_exist", Type::Bool, "`false` removes it (Ignition 3.2.0)."),
];

const GROUP: &[Field] = &[
    field("gid", Type::Integer(0, 4_294_967_294), "Numeric id."),
    field("system", Type::Bool, "A system group."),
];

const KERNEL_ARGUMENTS: &[Field] = &[
    field("should_exist", TEXTS, "Must be there."),
    field("should_not_exist", TEXTS, "Must not be there."),
];

const UPDATES: &[Field] = &[
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
    field("length", Type::Duration, "Length; 1h where left out."),
];
