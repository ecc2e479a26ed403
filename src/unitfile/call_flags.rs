//! Flags of docker and podman: which take no value, and what the short ones stand for.

/// Returns whether a flag of a verb, by its long name, takes no value.
pub(super) fn is_boolean(name: &str) -> bool {
    BOOLEANS.contains(&name)
}

/// Flags before the verb that take no value.
pub(super) const GLOBAL_BOOLEANS: &[&str] =
    &["D", "debug", "tls", "tlsverify", "remote", "syslog", "trace", "v", "version"];

/// Flags of the verbs that take no value; all others do.
const BOOLEANS: &[&str] = &[
    "all",
    "all-tags",
    "detach",
    "details",
    "disable-content-trust",
    "env-host",
    "follow",
    "force",
    "help",
    "http-proxy",
    "ignore",
    "init",
    "interactive",
    "latest",
    "link",
    "no-healthcheck",
    "no-hostname",
    "no-hosts",
    "no-stdin",
    "oom-kill-disable",
    "passwd",
    "privileged",
    "publish-all",
    "quiet",
    "read-only",
    "read-only-tmpfs",
    "replace",
    "rm",
    "rmi",
    "rootfs",
    "sig-proxy",
    "timestamps",
    "tls-verify",
    "tty",
    "unsetenv-all",
    "use-api-socket",
    "volumes",
];

/// Short flags of `run`, `create` and `exec`.
pub(super) const RUN_LETTERS: &[(char, &str)] = &[
    ('a', "attach"),
    ('c', "cpu-shares"),
    ('d', "detach"),
    ('e', "env"),
    ('h', "hostname"),
    ('i', "interactive"),
    ('l', "label"),
    ('m', "memory"),
    ('P', "publish-all"),
    ('p', "publish"),
    ('q', "quiet"),
    ('t', "tty"),
    ('u', "user"),
    ('v', "volume"),
    ('w', "workdir"),
];

/// Short flags of the other verbs.
pub(super) const OTHER_LETTERS: &[(char, &str)] = &[
    ('a', "all"),
    ('f', "force"),
    ('i', "ignore"),
    ('l', "link"),
    ('n', "tail"),
    ('q', "quiet"),
    ('s', "signal"),
    ('t', "time"),
    ('v', "volumes"),
];
