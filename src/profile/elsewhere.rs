//! Keys of other tools that people type first, Compose, Butane and cloud-config, with the key that does it here.
//!
//! Only what has another name here is listed: what is merely misspelt is found by its likeness.

use super::schema::Field;
use super::value::{Value, ValueKind};

/// What a key of another tool is here.
#[derive(Clone, Copy)]
enum Here {
    /// A key that takes the same.
    Same(&'static str),
    /// A key that takes the same where a list is written; how its value is written otherwise.
    List(&'static str, &'static str),
    /// A key that takes the same where one value is written; how its value is written otherwise.
    One(&'static str, &'static str),
    /// What is written instead, or why nothing is.
    Says(&'static str),
}

use Here::{List, One, Same, Says};

/// Keys of one record, which is known by a key that only it has.
struct Record {
    mark: &'static str,
    keys: &'static [(&'static str, Here)],
}

/// What is said of everything that a container takes by a unit of its own only.
const OWN_UNIT: &str = "no key does this: run such a container by a unit of your own, with its whole `docker run` or \
                        `podman run` under `units: { NAME.service: { contents: … } }`";

const OWN_NETWORK: &str = "a container has the host's network, or with `network: bridge` the default one; others are \
                           reached by their address and port";

const RECORDS: &[Record] =
    &[PROFILE, CONTAINER, ANY_CONTAINER, HEALTH, BIND, PORT, FILE, UNIT, USER, STORAGE, VOLUME];

const PROFILE: Record = Record {
    mark: "extends",
    keys: &[
        // Compose
        ("version", Says("remove it: a profile has no version")),
        ("networks", Says(OWN_NETWORK)),
        (
            "configs",
            Says("write each as a file, and bind it: `files: { /etc/NAME: { inline: … } }`"),
        ),
        ("secrets", Says("declare a variable: `vars: { NAME: { type: secret } }`")),
        // Butane and Ignition
        (
            "variant",
            Says("say the system: `target: { os: flatcar }` or `target: { os: fedora-coreos }`"),
        ),
        (
            "passwd",
            Says(
                "write `users: { core: { ssh_authorized_keys: […] } }`, and `groups: { NAME: {} }`",
            ),
        ),
        ("systemd", Says("write `units: { NAME.service: { contents: … } }`")),
        (
            "ignition",
            Says("the version is `target: { ignition: 3.4.0 }`; the rest of this section is made"),
        ),
        ("boot_device", Says("write disks, arrays and file systems under `storage`")),
        ("grub", Says("kernel arguments are `kernel_arguments: { should_exist: […] }`")),
        // cloud-config
        ("coreos", Says("write `units`, and `updates: { strategy: windows }`")),
        ("write_files", Says("write `files: { /etc/NAME: { inline: …, mode: 0644 } }`")),
        ("ssh_authorized_keys", Says("write `users: { core: { ssh_authorized_keys: […] } }`")),
        (
            "runcmd",
            Says(
                "write a unit of `Type=oneshot`: `units: { NAME.service: { enabled: true, contents: … } }`",
            ),
        ),
        (
            "bootcmd",
            Says(
                "write a unit of `Type=oneshot`: `units: { NAME.service: { enabled: true, contents: … } }`",
            ),
        ),
        (
            "packages",
            Says(
                "these systems have no packages: run it in a container, or put the binary under `files`",
            ),
        ),
        ("hostname", Says("a machine is called as its node: `cluster: { nodes: { NAME: {} } }`")),
        ("fqdn", Says("a machine is called as its node: `cluster: { nodes: { NAME: {} } }`")),
        ("manage_etc_hosts", Says("write the file: `files: { /etc/hosts: { inline: … } }`")),
        (
            "timezone",
            Says(
                "write the link: `links: { /etc/localtime: { target: ../usr/share/zoneinfo/… } }`",
            ),
        ),
        ("mounts", Says("write `volumes: { NAME: { mount: /var/lib/NAME, device: /dev/… } }`")),
        ("disk_setup", Says("write `storage: { disks: […] }`")),
        ("fs_setup", Says("write `storage: { filesystems: […] }`")),
        ("swap", Says("write `storage: { filesystems: [{ device: /dev/…, format: swap }] }`")),
        ("chpasswd", Says("write `users: { NAME: { password_hash: … } }`")),
        ("ntp", Says("write `files: { /etc/systemd/timesyncd.conf: { inline: … } }`")),
        (
            "ca_certs",
            Says(
                "write each as a file below `/etc/ssl/certs`, on Fedora CoreOS `/etc/pki/ca-trust/source/anchors`",
            ),
        ),
    ],
};

/// What only `containers` have: services bring the rest themselves.
const CONTAINER: Record = Record {
    mark: "cap_add",
    keys: &[
        ("build", Says("build the image elsewhere, and name it with `image`")),
        ("command", List("args", "write its words as a list: `args: [WORD, …]`")),
        ("cmd", List("args", "write its words as a list: `args: [WORD, …]`")),
        ("container_name", Says("remove it: a container is called as its key")),
        ("name", Says("remove it: a container is called as its key")),
        (
            "depends_on",
            Says(
                "write `after: [NAME.service]`, and `requires: [NAME.service]` where it cannot do without",
            ),
        ),
        (
            "deploy",
            Says("limits are `memory` and `ulimits`; how many machines run it is `cluster.nodes`"),
        ),
        (
            "dns",
            Says(
                "containers ask the resolver of the machine: `files: { /etc/systemd/resolved.conf: … }`",
            ),
        ),
        ("domainname", Says("machines are named by `cluster.nodes` and `cluster.domain`")),
        ("env_file", Says("write each variable below `env: { NAME: value }`")),
        ("expose", Says("name it: `ports: { http: 80 }`")),
        (
            "extra_hosts",
            Says(
                "on the host's network a container reads `/etc/hosts` of the machine: write it under `files`",
            ),
        ),
        ("group_add", Says(OWN_UNIT)),
        ("healthcheck", Says("write `health: { command: … }`: what the shell of the image runs")),
        (
            "hostname",
            Says("on the host's network a container has the name of its node: `cluster.nodes`"),
        ),
        ("init", Says(OWN_UNIT)),
        ("ipc", Says(OWN_UNIT)),
        ("links", Says(OWN_NETWORK)),
        (
            "logging",
            Says(
                "remove it: what a container prints goes to the journal, `journalctl -u NAME.service`",
            ),
        ),
        ("network_mode", One("network", "write `network: host` or `network: bridge`")),
        ("networks", Says(OWN_NETWORK)),
        ("pid", Says(OWN_UNIT)),
        ("platform", Says("remove it: an image is pulled for the processor of the machine")),
        (
            "privileged",
            Says(
                "give it what it needs: `cap_add: […]`, `devices: [/dev/…]`; what must have all is run by a unit of \
                 your own under `units`",
            ),
        ),
        ("profiles", Says("remove it: a role of its own is a profile of its own")),
        ("pull_policy", Says("remove it: an image is pulled once, before its container starts")),
        ("replicas", Says("how many machines run it is `cluster.nodes`")),
        ("scale", Says("how many machines run it is `cluster.nodes`")),
        ("stop_grace_period", Same("stop_timeout")),
        ("stop_signal", Says(OWN_UNIT)),
        (
            "sysctls",
            Says("on the host's network those of the machine count: `sysctl: { NAME: value }`"),
        ),
        ("tty", Says("remove it: nothing is attached to a container of a machine")),
        ("stdin_open", Says("remove it: nothing is attached to a container of a machine")),
        ("userns_mode", Says(OWN_UNIT)),
        ("volume", Says("write `binds: [{ from: /…, to: /… }]`")),
        ("working_dir", Says("no key does this: give `entrypoint` or `args` whole paths")),
        (
            "cpus",
            Says(
                "limit its unit: `units: { NAME.service: { dropins: { 50-cpu.conf: \
                 \"[Service]\\nCPUQuota=50%\\n\" } } }`",
            ),
        ),
    ],
};

/// What services and `containers` have alike.
const ANY_CONTAINER: Record = Record {
    mark: "binds",
    keys: &[
        ("environment", Same("env")),
        ("mem_limit", Same("memory")),
        ("memory_limit", Same("memory")),
        ("volumes", Says("write `binds: [{ from: /…, to: /… }]`")),
        ("mounts", Says("write `binds: [{ from: /…, to: /… }]`")),
        (
            "restart",
            Says(
                "remove it: a container that ends is started again; another policy is a drop-in of its unit: \
                 `units: { NAME.service: { dropins: { 50-restart.conf: \"[Service]\\nRestart=no\\n\" } } }`",
            ),
        ),
        ("tag", Says("write it after the image: `image: NAME:TAG`")),
    ],
};

const HEALTH: Record = Record {
    mark: "retries",
    keys: &[
        (
            "test",
            One("command", "write what the shell of the image runs, as one text: `command: …`"),
        ),
        ("start_period", Says("remove it: an image that starts slowly gets more `retries`")),
        ("disable", Says("remove `health`: nothing is asked then")),
    ],
};

const BIND: Record = Record {
    mark: "create",
    keys: &[
        ("source", Same("from")),
        ("target", Same("to")),
        ("type", Says("remove it: a bind is a path of the host")),
        ("read_only", Says("write `options: [ro]`")),
    ],
};

const PORT: Record = Record {
    mark: "container_port",
    keys: &[
        ("published", Same("port")),
        ("target", Same("container_port")),
        (
            "host_ip",
            Says("who may reach a port is its `audience`: `audience: [host]` is the machine alone"),
        ),
        ("mode", Says("remove it")),
    ],
};

const FILE: Record = Record {
    mark: "inline",
    keys: &[
        ("content", Same("inline")),
        (
            "contents",
            One(
                "inline",
                "write the text as `inline: …`, or a file of the profile as `local: NAME`",
            ),
        ),
        ("permissions", Same("mode")),
        ("owner", Says("write `user: NAME` and `group: NAME`")),
        ("path", Says("remove it: the path is the key above")),
        (
            "source",
            Says(
                "nothing is fetched at boot: put the file below `files/` of the profile, and write `local: NAME`",
            ),
        ),
        ("encoding", Says("remove it: base64 is written as `base64: …` instead of `inline`")),
        (
            "overwrite",
            Says("remove it: a file that is written here takes the place of what is there"),
        ),
        (
            "append",
            Says("no key does this: write the whole file, or one in a `.d` folder beside it"),
        ),
    ],
};

const UNIT: Record = Record {
    mark: "dropins",
    keys: &[
        ("name", Says("remove it: the name is the key above")),
        ("content", Same("contents")),
        ("enable", Same("enabled")),
        ("command", Says("`enabled: true` starts it with the machine")),
        ("runtime", Says("remove it: a unit is written to the disk")),
    ],
};

const USER: Record = Record {
    mark: "ssh_authorized_keys",
    keys: &[
        ("name", Says("remove it: the name is the key above")),
        ("ssh_keys", Same("ssh_authorized_keys")),
        ("passwd", Says("write `password_hash: …`, as `mkpasswd` prints it")),
        ("password", Says("write `password_hash: …`, as `mkpasswd` prints it")),
        ("hashed_passwd", Same("password_hash")),
        ("homedir", Same("home_dir")),
        ("sudo", Says("write `groups: [sudo]`")),
        ("lock_passwd", Says("remove it: a user without `password_hash` has no password")),
        ("gecos", Says("no key does this")),
        ("no_create_home", Says("no key does this: `home_dir` says where it is")),
    ],
};

const STORAGE: Record = Record {
    mark: "raid",
    keys: &[
        ("files", Says("move it to the top of the profile: `files: { /etc/NAME: { inline: … } }`")),
        (
            "directories",
            Says("move it to the top of the profile: `directories: { /srv/NAME: {} }`"),
        ),
        (
            "links",
            Says("move it to the top of the profile: `links: { /etc/NAME: { target: /… } }`"),
        ),
        ("trees", Says("write each file: `files: { /etc/NAME: { local: NAME } }`")),
        ("luks", Says("no key does this")),
    ],
};

const VOLUME: Record = Record {
    mark: "instance_store",
    keys: &[
        (
            "driver",
            Says(
                "a volume is a disk here: say `device`, `ebs` or `instance_store`; a folder is a bind of its container",
            ),
        ),
        (
            "external",
            Says(
                "a volume is a disk here: say `device`, `ebs` or `instance_store`; a folder is a bind of its container",
            ),
        ),
        ("path", Same("mount")),
        ("size", Says("write it below what the volume is: `ebs: { size: 100GiB }`")),
        ("type", Says("write it below what the volume is: `ebs: { size: 100GiB, type: gp3 }`")),
    ],
};

/// What is said of a key of another tool.
pub(super) struct Meant {
    /// What is written here.
    pub(super) help: String,
    /// The key that takes its place, with its value as it is.
    pub(super) key: Option<&'static str>,
}

/// Returns what a key is here that another tool has, in a record of these fields.
pub(super) fn meant(name: &str, value: &Value, fields: &[Field]) -> Option<Meant> {
    let has = |key: &str| fields.iter().any(|field| field.name == key);
    let records = RECORDS.iter().filter(|record| has(record.mark));
    let mut keys = records.flat_map(|record| record.keys);
    let (_, here) = keys.find(|(word, here)| is_word(word, name) && here.key().is_none_or(has))?;
    let write = |key: &'static str| Meant { help: format!("write `{key}`"), key: Some(key) };
    let says = |help: &str| Meant { help: help.to_owned(), key: None };
    Some(match *here {
        Same(key) => write(key),
        List(key, _) if matches!(value.kind, ValueKind::List(_)) => write(key),
        One(key, _) if matches!(value.kind, ValueKind::Scalar(_)) => write(key),
        List(_, help) | One(_, help) | Says(help) => says(help),
    })
}

impl Here {
    fn key(self) -> Option<&'static str> {
        match self {
            Same(key) | List(key, _) | One(key, _) => Some(key),
            Says(_) => None,
        }
    }
}

/// Returns whether a key is this word: `-` is as good as `_`.
fn is_word(word: &str, name: &str) -> bool {
    let chars = name.chars().map(|c| if c == '-' { '_' } else { c });
    chars.eq(word.chars())
}
