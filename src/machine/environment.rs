//! The environment of a container: what goes through a file and what must stand on the command line.
//!
//! systemd reads the file and the client passes the variables on by name, so a value of any shape arrives as it is
//! and a secret is in no unit. A variable that the client itself, its shell or systemd would obey, one whose name
//! systemd does not take, and one that holds facts of the host, goes on the command line instead. One that is fetched
//! at boot comes from a file in memory.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::File;
use crate::model::{Container, HostFact, PerNode, Variable};
use crate::platform::{self, Host, Used, generated_file};
use crate::source::Spanned;
use crate::unitfile::{Part, environment_value, quote_parts};

/// The environment of a container.
#[derive(Debug, Default)]
pub(super) struct Environment {
    /// Values of `--env`, quoted.
    pub(super) words: Vec<String>,
    /// Whether a secret stands on the command line.
    pub(super) secret_words: bool,
    /// The file, where one is needed.
    pub(super) file: Option<File>,
    /// Variables with a secret that is fetched at boot.
    pub(super) fetched: Vec<Variable>,
}

/// Names the client, its shell or systemd would obey.
const OBEYED: [&str; 19] = [
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
    "RUNTIME_DIRECTORY",
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
        if value.fetched().next().is_some() {
            refuse_fetched(host, name, diags);
            environment.words.push(name.value.clone());
            environment.fetched.push(Variable {
                name: name.clone(),
                value: PerNode::Same(value.clone()),
                secret: *secret,
            });
            continue;
        }
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
        environment.file = Some(File { contents: file.contents.guarded(secret_file), ..file });
    }
    environment
}

/// Returns the path of a container's environment file.
pub(super) fn path(container: &Container) -> String {
    format!("/etc/cfgbuild/{}.env", container.name.value)
}

/// Refuses a secret that nobody can fetch.
pub(super) fn refuse_without_store(
    host: &Host<'_>,
    name: &Spanned<String>,
    diags: &mut Diagnostics,
) {
    let platform = &host.role.target.platform;
    if let Some(advice) = (platform::of(platform.value).no_secrets)(host.role) {
        let title = format!("nothing here fetches the secret of `{}`", name.value);
        let found =
            Diagnostic::error("secret-store-unknown", name.span, title, "is fetched at boot");
        diags.report(advice.give(found, platform.span));
    }
}

/// Refuses a secret that nobody can fetch, or that could only be handed on where everybody can read it.
fn refuse_fetched(host: &Host<'_>, name: &Spanned<String>, diags: &mut Diagnostics) {
    refuse_without_store(host, name, diags);
    if is_obeyed(host, &name.value) {
        let title = format!(
            "`{}` means something on the way to the container, so a secret cannot be handed on in it",
            name.value
        );
        diags.report(misplaced(name, title));
    } else if !is_systemds(&name.value) {
        let title = format!(
            "systemd takes no variable called `{}`, so a secret cannot be handed on in it",
            name.value
        );
        diags.report(misplaced(name, title));
    }
}

fn misplaced(name: &Spanned<String>, title: String) -> Diagnostic {
    Diagnostic::error("secret-misplaced", name.span, title, "would be a word of a command")
        .help("give it another name, and let the image's own command rename it")
}

/// Returns whether systemd sets a variable of this name: it drops all others from a file.
fn is_systemds(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Returns whether systemd would set a variable from a file, and nobody on the way to the container would obey it.
fn can_pass_by_name(host: &Host<'_>, name: &str, value: &str) -> bool {
    // systemd drops a variable whose value holds any other control character.
    !is_obeyed(host, name)
        && is_systemds(name)
        && !value.chars().any(|c| c.is_ascii_control() && !matches!(c, '\t' | '\n'))
}

/// Returns whether somebody on the way to the container would obey a variable.
fn is_obeyed(host: &Host<'_>, name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    OBEYED.contains(&upper.as_str())
        || upper.starts_with("CFGBUILD_")
        || OBEYED_PREFIXES.iter().any(|prefix| upper.starts_with(prefix))
        || host.facts.is_some_and(|source| {
            HostFact::ALL.iter().any(|(_, fact)| source.variable(*fact) == name)
        })
}
