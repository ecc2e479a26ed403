//! Secrets that a machine fetches when it boots, with the rights of its role: one unit for each container.
//!
//! The names of the secrets are in the unit, their values only in a file in memory.

use super::unit::{SCRIPTS, asks_aws, quoted_script};
use crate::diagnostic::Diagnostics;
use crate::model::Call;
use crate::model::UnitText;
use crate::model::machine::{Machine, Unit};
use crate::model::{Container, Piece, SecretSource, Variable};
use crate::platform::draft::{Draft, generated_script, generated_unit};
use crate::platform::host::{Host, Used};
use crate::platform::table::Helper;
use crate::unitfile::{quote_parts, quote_word, whole_line};

/// Returns the path of the file that systemd reads the secrets of a container from.
fn file(container: &Container) -> String {
    format!("/run/cfgbuild/secrets/{}.env", container.name.value)
}

/// Adds the unit that fetches the secrets in a container's variables; returns it, and the file it writes.
///
/// Done is not active: it fetches again whenever the container starts.
pub(super) fn fetch(
    host: &Host<'_>,
    container: &Container,
    variables: &[Variable],
    draft: &mut Draft,
    diags: &mut Diagnostics,
) -> Option<Helper> {
    if variables.is_empty() {
        return None;
    }
    let mut used = Used::default();
    let mut words = vec![quote_word(&container.name.value)];
    for Variable { name, value, secret: _ } in variables {
        words.push(quote_word(&format!("{}=", name.value)));
        for piece in value.on(host.position).pieces() {
            if let Piece::Secret(source) = piece {
                words.extend(source_words(source));
                draft.calls.insert(call(source));
            } else if let Some(part) = host.part_of(piece, name.span, &mut used, diags) {
                words.extend(["text".to_owned(), quote_parts(&[part])]);
            }
        }
    }
    let keyed = variables.iter().flat_map(|variable| variable.value.on(host.position).fetched());
    if keyed.into_iter().any(|source| matches!(source, SecretSource::Secret { key: Some(_), .. })) {
        let path = format!("{SCRIPTS}/json-key.sh");
        if draft.files.iter().all(|file| file.path.value != path) {
            draft.files.push(generated_script(path, 0o644, include_str!("json-key.sh")));
        }
    }
    let mut text = UnitText::new();
    let description = format!("Fetch the secrets of {}", container.name.value);
    text.push("Unit", "Description", whole_line(&description));
    asks_aws(host, host.fact_agent(&used), &mut text);
    text.push("Service", "Type", "oneshot");
    text.push("Service", "TimeoutStartSec", "infinity");
    if let Some(source) = host.fact_source(&used) {
        text.push("Service", "EnvironmentFile", source.file);
    }
    if !used.stack.is_empty() {
        text.push("Service", "EnvironmentFile", Machine::STACK_FILE);
    }
    let command = quoted_script("fetch-secrets", include_str!("fetch-secrets.sh"), &words, draft);
    text.push("Service", "ExecStart", command);
    draft.stack.extend(used.stack);
    let unit_name = format!("cfgbuild-secrets-{}.service", container.name.value);
    let name = container.name.clone().map(|_| unit_name.clone());
    // A secret of the profile's own may stand beside one that is fetched.
    let secret = variables.iter().any(|variable| variable.secret);
    draft.units.push(Unit { secret, ..generated_unit(name, &text) });
    Some(Helper { unit: unit_name, read: file(container) })
}

/// Returns the words that name a secret to the script.
fn source_words(source: &SecretSource) -> [String; 2] {
    match source {
        SecretSource::Parameter(name) => ["ssm".to_owned(), quote_word(name)],
        SecretSource::Secret { id, key: None } => ["secretsmanager".to_owned(), quote_word(id)],
        SecretSource::Secret { id, key: Some(key) } => {
            ["secretsmanager".to_owned(), quote_word(&format!("{id}#{key}"))]
        }
    }
}

fn call(source: &SecretSource) -> Call {
    match source {
        SecretSource::Parameter(name) => Call::ReadParameter(name.clone()),
        SecretSource::Secret { id, key: _ } => Call::ReadSecret(id.clone()),
    }
}
