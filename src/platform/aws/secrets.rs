//! Secrets that a machine fetches when it boots, with the rights of its role: one unit for each container.
//!
//! The names of the secrets are in the unit, their values only in files in memory.

use super::unit::{SCRIPTS, asks_aws, quoted_script};
use crate::diagnostic::Diagnostics;
use crate::model::Call;
use crate::model::UnitText;
use crate::model::machine::{Machine, Unit};
use crate::model::{Container, Ownership, Piece, SecretSource, Text};
use crate::platform::draft::{Draft, generated_script, generated_unit};
use crate::platform::host::{Host, Used};
use crate::platform::table::{Fetched, Helper};
use crate::source::Span;
use crate::unitfile::{quote_parts, quote_word, whole_line};

/// Returns the path of the file that systemd reads the secrets of a container from.
fn file(container: &Container) -> String {
    format!("/run/cfgbuild/secrets/{}.env", container.name.value)
}

/// Adds the unit that fetches the secrets of a container; returns it, and the file that it writes variables to.
///
/// Done is not active: it fetches again whenever the container starts.
pub(super) fn fetch(
    host: &Host<'_>,
    container: &Container,
    fetched: Fetched<'_>,
    draft: &mut Draft,
    diags: &mut Diagnostics,
) -> Option<Helper> {
    let Fetched { variables, files } = fetched;
    let made = variables.iter().map(|one| {
        let before = vec![quote_word(&format!("{}=", one.name.value))];
        (before, one.value.on(host.position), one.name.span)
    });
    let made = made.chain(files.iter().map(|one| {
        let Ownership { uid, gid, mode } = container.secret_ownership(one);
        let owner = [format!("{mode:04o}"), uid.to_string(), gid.to_string()];
        let before = ["file".to_owned(), quote_word(&one.name.value)].into_iter().chain(owner);
        (before.collect(), one.value.on(host.position), one.at)
    }));
    let made: Vec<(Vec<String>, &Text, Span)> = made.collect();
    if made.is_empty() {
        return None;
    }
    let mut used = Used::default();
    let mut words = vec![quote_word(&container.name.value)];
    for (before, text, span) in &made {
        words.extend(before.iter().cloned());
        for piece in text.pieces() {
            if let Piece::Secret(source) = piece {
                words.extend(source_words(source));
                draft.calls.insert(call(source));
            } else if let Some(part) = host.part_of(piece, *span, &mut used, diags) {
                words.extend(["text".to_owned(), quote_parts(&[part])]);
            }
        }
    }
    let mut sources = made.iter().flat_map(|(_, text, _)| text.fetched());
    if sources.any(|source| matches!(source, SecretSource::Secret { key: Some(_), .. })) {
        let path = format!("{SCRIPTS}/json-key.sh");
        if draft.files.iter().all(|file| file.path.value != path) {
            draft.files.push(generated_script(path, 0o644, include_str!("json-key.sh")));
        }
    }
    let mut text = UnitText::new();
    let description = format!("Fetch the secrets of {}", container.name.value);
    text.push("Unit", "Description", whole_line(&description));
    asks_aws(host, host.fact_agent(&used), &mut text);
    // its file is read below, and nothing else need have started it
    text.push_words("Unit", "Wants", host.fact_agent(&used));
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
