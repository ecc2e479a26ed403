//! The environment of a container: what goes through a file and what must stand on the command line.
//!
//! systemd reads the file and the client passes the variables on by name, so a value of any shape arrives as it is
//! and a secret is in no unit. A variable that the client itself, its shell or systemd would obey, and one that holds
//! facts of the host, goes on the command line instead.

use super::draft::generated_file;
use super::host::{Host, Used};
use super::model::File;
use super::words::{Part, environment_value, quote_parts};
use crate::cluster::{Container, HostFact, Variable};
use crate::diagnostic::Diagnostics;

/// The environment of a container.
#[derive(Debug, Default)]
pub(super) struct Environment {
    /// Values of `--env`, quoted.
    pub(super) words: Vec<String>,
    /// Whether a secret stands on the command line.
    pub(super) secret_words: bool,
    /// The file, where one is needed.
    pub(super) file: Option<File>,
}

/// Names the client, its shell or systemd would obey.
const OBEYED: [&str; 18] = [
    "ALL_PROXY",
    "BASH_ENV",
    "ENV",
    "GODEBUG",
    "GOMAXPROCS",
    "HOME",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "IFS",
    "IMAGE",
    "LISTEN_FDS",
    "LISTEN_PID",
    "MAINPID",
    "NOTIFY_SOCKET",
    "NO_PROXY",
    "PATH",
    "REGISTRY_AUTH_FILE",
    "TMPDIR",
];

/// Beginnings of such names.
const OBEYED_PREFIXES: [&str; 10] = [
    "BASH_",
    "BUILDAH_",
    "CONTAINERS_",
    "CONTAINER_",
    "DOCKER_",
    "LD_",
    "PODMAN_",
    "STORAGE_",
    "XDG_",
    "_CONTAINERS_",
];

/// Splits the environment of a container, noting the facts it uses.
pub(super) fn split(
    host: &Host<'_>,
    container: &Container,
    used: &mut Used,
    diags: &mut Diagnostics,
) -> Environment {
    let mut environment = Environment::default();
    let (mut lines, mut secret_file) = (String::new(), false);
    for Variable { name, value, secret } in &container.env {
        let value = value.on(host.position);
        if let Some(plain) =
            value.plain().filter(|plain| can_pass_by_name(host, &name.value, plain))
        {
            lines.push_str(&name.value);
            lines.push('=');
            lines.push_str(&environment_value(plain));
            lines.push('\n');
            secret_file |= secret;
            environment.words.push(name.value.clone());
            continue;
        }
        let assigned = format!("{}=", name.value);
        let mut parts = vec![Part::Literal(&assigned)];
        parts.extend(host.parts_of(value, name.span, used, diags));
        environment.words.push(quote_parts(&parts));
        environment.secret_words |= secret;
    }
    if !lines.is_empty() {
        let mode = if secret_file { 0o600 } else { 0o644 };
        let file = generated_file(path(container), mode, lines);
        environment.file = Some(File { secret: secret_file, ..file });
    }
    environment
}

/// Returns the path of a container's environment file.
pub(super) fn path(container: &Container) -> String {
    format!("/etc/cfgbuild/{}.env", container.name.value)
}

/// Tells whether systemd would set a variable from a file, and nobody on the way to the container would obey it.
fn can_pass_by_name(host: &Host<'_>, name: &str, value: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let obeyed = OBEYED.contains(&upper.as_str())
        || upper.starts_with("CFGBUILD_")
        || OBEYED_PREFIXES.iter().any(|prefix| upper.starts_with(prefix))
        || host.facts.is_some_and(|source| {
            HostFact::ALL.iter().any(|(_, fact)| source.variable(*fact) == name)
        });
    // systemd drops a variable whose value holds any other control character.
    !obeyed && !value.chars().any(|c| c.is_ascii_control() && !matches!(c, '\t' | '\n'))
}
