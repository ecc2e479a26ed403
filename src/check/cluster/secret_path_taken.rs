//! A secret of a container lies in it where something else is, or where it cannot be put.
//!
//! # Why
//! Each secret is a file that is mounted into the container. docker and podman refuse two mounts at one path, and
//! cannot mount anything below a file. In a bind that is read only docker cannot make the file to mount on. Such a
//! container never starts.
//!
//! # Fix
//! Give the secret another `path`, or take away what is there. Where the host has a file below the bind to mount on,
//! which this profile does not say, allow the finding with that reason; a file in `files` is seen.

use super::containers;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Container, SecretFile, is_below};
use crate::os;
use crate::source::Span;

pub(super) const CHECK: Check =
    Check { code: "secret-path-taken", source: include_str!("secret_path_taken.rs"), run };

/// What else is mounted into a container.
struct Other<'a> {
    path: &'a str,
    span: Span,
    what: String,
    /// The path on the host, where it is bound read only.
    read_only: Option<&'a str>,
}

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let makes = os::table(facts.role.target.os.value).runtime.mounts_in_read_only;
    for container in containers(facts) {
        let owner = &container.name.value;
        for (index, secret) in container.secrets.iter().enumerate() {
            let (name, path) = (&secret.name.value, secret.path.value.as_str());
            let one = format!("the secret `{name}` of container `{owner}`");
            for other in others(container, index) {
                let what = &other.what;
                let (title, label) = if other.path == path {
                    (format!("{one} is at {path}, and so is {what}"), "the path inside is taken")
                } else if is_below(other.path, path) {
                    (format!("{what} is below {path}, where {one} is a file"), "is a file")
                } else if !makes && is_below(path, other.path) && is_bare(facts, &other, path) {
                    let title = format!("{one} is in {}, which {what} makes read only", other.path);
                    (title, "cannot be put there")
                } else {
                    continue;
                };
                diags.report(
                    Diagnostic::error(CHECK.code, secret.path.span, title, label)
                        .related(other.span, format!("{what} is at {}", other.path))
                        .help(help(container, secret)),
                );
            }
        }
    }
}

/// Returns whether a path is in what is bound read only, and no file of the profile is there to mount on.
fn is_bare(facts: &Facts<'_>, other: &Other<'_>, path: &str) -> bool {
    let Some(from) = other.read_only else { return false };
    let below = path.strip_prefix(other.path.trim_end_matches('/')).unwrap_or_default();
    let there = format!("{}{below}", from.trim_end_matches('/'));
    let mut files = facts.role.files.iter().filter(|file| !file.remove);
    !files.any(|file| file.path.value == there)
}

/// Returns the edit: the path that a secret has by itself, where that would help.
fn help(container: &Container, secret: &SecretFile) -> String {
    let name = &secret.name.value;
    let own = format!("/run/secrets/{name}");
    let other_secrets = container.secrets.iter().filter(|other| other.name.value != *name);
    let taken = other_secrets.map(|other| &other.path.value).chain(&container.tmpfs);
    let taken = taken.chain(container.binds.iter().map(|bind| &bind.to));
    let mut taken = taken.filter(|path| is_below(path, &own) || is_below(&own, path));
    if secret.path.value != own && taken.next().is_none() {
        return format!("leave `path` out, so that the secret is at {own}, or give it another");
    }
    format!(
        "give one of them another path, as `{name}: {{ from: …, path: /run/secrets/{name}.2 }}`"
    )
}

/// Returns all that is mounted beside the secret at `index`; of two secrets only the later one is told of the other,
/// unless it lies below.
fn others(container: &Container, index: usize) -> Vec<Other<'_>> {
    let secrets = container.secrets.iter().enumerate().filter(|(other, _)| *other != index);
    let own = container.secrets.get(index).map_or("", |secret| secret.path.value.as_str());
    let secrets = secrets.filter(|(other, one)| *other < index || one.path.value != own);
    let secrets = secrets.map(|(_, one)| Other {
        path: &one.path.value,
        span: one.path.span,
        what: format!("the secret `{}`", one.name.value),
        read_only: None,
    });
    let binds = container.binds.iter().map(|bind| Other {
        path: &bind.to,
        span: bind.from.span,
        what: format!("the bind of {}", bind.from.value),
        read_only: bind.read_only.then_some(bind.from.value.as_str()),
    });
    let memory = container.tmpfs.iter().map(|path| Other {
        path,
        span: container.name.span,
        what: "a `tmpfs`".to_owned(),
        read_only: None,
    });
    secrets.chain(binds).chain(memory).collect()
}
