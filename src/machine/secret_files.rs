//! Secrets that a container reads as files: they lie in memory, in a folder that comes and goes with its unit.
//!
//! What is built in waits in a file that root alone reads, and is copied at each start; what machines fetch is put
//! there by the unit that fetches it. A value is never a word of a command: it would be in the unit's text.

use super::environment::refuse_without_store;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::File;
use crate::model::{Container, Ownership, PerNode, SecretFile, UnitText};
use crate::platform::{Host, generated_file};
use crate::unitfile::quote_word;

/// What becomes of the secrets of a container.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// Those that are fetched, each as it is on this node.
    pub(super) fetched: Vec<SecretFile>,
    /// Files of those that are built in.
    pub(super) files: Vec<File>,
    /// Commands that copy these.
    pub(super) steps: Vec<String>,
}

/// Splits the secrets of a container into those that machines fetch and those that are built in.
pub(super) fn split(host: &Host<'_>, container: &Container, diags: &mut Diagnostics) -> Split {
    let mut split = Split::default();
    for secret in &container.secrets {
        let value = secret.value.on(host.position);
        let fetched = value.fetched().next().is_some();
        if fetched {
            refuse_without_store(host, &secret.name, diags);
            if !value.is_secret() {
                let value = PerNode::Same(value.clone());
                split.fetched.push(SecretFile { value, ..secret.clone() });
                continue;
            }
        }
        let Some(plain) = value.plain() else {
            diags.report_once(late(container, secret, fetched));
            continue;
        };
        let kept = format!("/etc/{}/{}", folder(container), secret.name.value);
        let Ownership { uid, gid, mode } = container.secret_ownership(secret);
        let (from, to) = (quote_word(&kept), quote_word(&container.secret_path(secret)));
        split.steps.push(format!("/usr/bin/install -o {uid} -g {gid} -m {mode:04o} {from} {to}"));
        let file = generated_file(kept, 0o600, plain);
        split.files.push(File { contents: file.contents.guarded(true), ..file });
    }
    split
}

/// Writes the folder: gone once the unit stops, kept while it starts again by itself, so that a store that does not
/// answer just then takes no values away.
pub(super) fn directory(container: &Container, text: &mut UnitText) {
    if container.secrets.is_empty() {
        return;
    }
    text.push("Service", "RuntimeDirectory", folder(container));
    text.push("Service", "RuntimeDirectoryMode", "0700");
    text.push("Service", "RuntimeDirectoryPreserve", "restart");
}

fn folder(container: &Container) -> String {
    SecretFile::runtime_directory(&container.name.value)
}

/// Says that a text could only be put together on a command line.
fn late(container: &Container, secret: &SecretFile, fetched: bool) -> Diagnostic {
    let (name, owner) = (&secret.name.value, &container.name.value);
    let title = if fetched {
        format!("the secret `{name}` of `{owner}` is built in for a part, and fetched for another")
    } else {
        format!(
            "the secret `{name}` of `{owner}` is built in, and holds what is known only at boot"
        )
    };
    Diagnostic::error("secret-misplaced", secret.at, title, "would be a word of a command").help(
        "let machines fetch all of its secrets, with `from` in each variable and no value for them where the build \
         runs; or make it a file for each part",
    )
}
