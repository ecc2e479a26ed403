//! The users and groups that a system of the CoreOS family brings.

use crate::model::Os;

/// Groups and system users there are on all of them, or on enough of them not to be sure.
const KNOWN: [&str; 58] = [
    "adm",
    "audio",
    "bin",
    "cdrom",
    "chrony",
    "console",
    "core",
    "daemon",
    "dbus",
    "dialout",
    "disk",
    "dnsmasq",
    "docker",
    "etcd",
    "fleet",
    "floppy",
    "ftp",
    "games",
    "input",
    "kmem",
    "kvm",
    "lock",
    "lp",
    "mail",
    "man",
    "mem",
    "messagebus",
    "news",
    "nobody",
    "nogroup",
    "ntp",
    "operator",
    "polkitd",
    "portage",
    "render",
    "rkt",
    "rkt-admin",
    "root",
    "sgx",
    "sshd",
    "ssh_keys",
    "sudo",
    "sys",
    "syslog",
    "systemd-coredump",
    "systemd-journal",
    "systemd-network",
    "systemd-oom",
    "systemd-resolve",
    "systemd-timesync",
    "tape",
    "tss",
    "tty",
    "users",
    "utmp",
    "video",
    "wheel",
    "zincati",
];

/// Tells whether the system brings a user or group of this name, as far as is known.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Returns the number of the user `core`.
pub(super) fn core(os: Os) -> u32 {
    match os {
        Os::Flatcar | Os::ContainerLinux => 500,
        Os::FedoraCoreos => 1000,
    }
}
