//! An AWS key, a private key or a password stands in the text of a profile.
//!
//! # Why
//! A profile is kept with its history by everybody who works on it, and what it compiles to is handed to the platform,
//! where every program of the machine can read it. A secret that has been there is known, even after it is removed.
//! The message shows where it is and not what it is.
//!
//! # Fix
//! Make it invalid first. Then let the machine fetch it when it boots, with `from:` in a variable of type `secret`;
//! or declare a variable of type `secret` and set it from the environment of the build. AWS keys are not needed at all
//! where the instance has a role. What is no secret, such as an example, may be allowed with that reason.

use super::containers;
use super::paths::first;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics, Secret, SecretKind, secret_of_setting, secrets};
use crate::model::{Container, SecretFile, Text, Variable};
use crate::service::Setting;
use crate::source::Span;

pub(super) const CHECK: Check =
    Check { code: "secret-in-profile", source: include_str!("secret_in_profile.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for container in &facts.role.containers {
        of_container(facts, container, diags);
    }
    for container in containers(facts) {
        container.secrets.iter().for_each(|secret| of_file(facts, container, secret, diags));
    }
    of_services(facts, diags);
    // what a raw unit holds is `unit-secret-in-environment`: one secret is one finding
    for file in facts.role.files.iter().filter(|file| !file.remove) {
        let Ok(text) = std::str::from_utf8(file.contents.on(0)) else { continue };
        for secret in sure(text).take(MOST) {
            let value = secret.value_in(text);
            if from_variable(facts, value) {
                continue;
            }
            let owner = format!("file {}", file.path.value);
            let written = written_after(facts, file.path.span, value);
            // What a variable brought is `secret-in-user-data`.
            if written.is_some() || !file.secret {
                report(facts, &secret.kind, &owner, file.path.span, written, diags);
            }
        }
    }
}

/// Most secrets that are reported of one file: each is looked for in the profile.
const MOST: usize = 20;

/// Returns what is sure to be a secret in a text.
fn sure(text: &str) -> impl Iterator<Item = Secret> {
    secrets(text).into_iter().filter(|secret| secret.sure)
}

/// Tells whether a text holds the value of a `secret` variable: then it is not written in the profile.
fn from_variable(facts: &Facts<'_>, value: &str) -> bool {
    facts.secrets.iter().any(|secret| value.contains(secret.as_str()))
}

fn of_container(facts: &Facts<'_>, container: &Container, diags: &mut Diagnostics) {
    let owner = format!("container `{}`", container.name.value);
    for Variable { name, value, secret } in &container.env {
        let text = first(value);
        if let Some(found) = secret_of_setting(&name.value, &text).filter(|_| !secret) {
            let value = found.value_in(&text);
            if from_variable(facts, value) {
                continue;
            }
            let written = written_after(facts, name.span, value);
            let what = format!("the variable `{}` of {owner}", name.value);
            report(facts, &found.kind, &what, name.span, written, diags);
        }
    }
    let mut before = String::new();
    for word in &container.args {
        let word = first(word);
        // `--password hunter2` is two words.
        let found = if before.starts_with('-') && !before.contains('=') {
            secret_of_setting(&before, &word)
        } else {
            sure(&word).next()
        };
        let value = |found: &Secret| found.value_in(&word);
        if let Some(found) = found.filter(|found| !from_variable(facts, value(found))) {
            let value = value(&found);
            let written = written_after(facts, container.name.span, value);
            report(
                facts,
                &found.kind,
                &format!("`args` of {owner}"),
                container.name.span,
                written,
                diags,
            );
        }
        before = word;
    }
}

/// Reports what the profile calls a secret, and makes of no variable of that type.
fn of_file(facts: &Facts<'_>, container: &Container, secret: &SecretFile, diags: &mut Diagnostics) {
    let is_open = |text: &&Text| !text.is_secret() && text.fetched().next().is_none();
    let Some(text) = secret.value.all().iter().find(is_open) else { return };
    let (name, owner) = (&secret.name.value, &container.name.value);
    let is_written = text.plain().is_some_and(|text| facts.sources.slice(secret.at).contains(text));
    let label = if is_written { "written in the profile" } else { "of no variable of that type" };
    let title =
        format!("the secret `{name}` of container `{owner}` is of no variable of type `secret`");
    let found = Diagnostic::error(CHECK.code, secret.at, title, label).help(
        format!(
            "declare `vars: {{ {name}: {{ type: secret }} }}` and write `\"{{{{vars.{name}}}}}\"`, or where machines \
             fetch it: `\"ssm:/NAME\"`; what stood here is known, so make it invalid"
        ),
    );
    diags.report(if is_written { found.hide(secret.at) } else { found });
}

fn of_services(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for Setting { name, value, span, .. } in facts.services.settings().filter(|one| one.free) {
        let text = first(value);
        let Some(found) = secret_of_setting(name, &text) else { continue };
        let value = found.value_in(&text);
        if from_variable(facts, value) {
            continue;
        }
        let written = facts.sources.slice(*span).contains(value).then_some(*span);
        report(facts, &found.kind, &format!("setting `{name}`"), *span, written, diags);
    }
}

/// Reports a secret where it is written, and hides it; or at its owner, where that is not found.
fn report(
    facts: &Facts<'_>,
    kind: &SecretKind,
    owner: &str,
    span: Span,
    written: Option<Span>,
    diags: &mut Diagnostics,
) {
    let what = match kind {
        SecretKind::Named(_) => "a password".to_owned(),
        SecretKind::AccessKey | SecretKind::PrivateKey | SecretKind::InUrl => kind.to_string(),
    };
    let title = format!("{owner} holds {what}");
    let found = Diagnostic::error(CHECK.code, written.unwrap_or(span), title, "a secret").help(
        "make it invalid, and let the machine fetch a new one at boot from a secret store, \
         or set a variable of type `secret`",
    );
    let Some(place) = written else {
        diags.report(found);
        return;
    };
    // What follows on the line is part of a private key that is written in one.
    let behind = facts.sources.text(place.file).get(place.end as usize..).unwrap_or_default();
    let rest = behind.split('\n').next().unwrap_or_default().len();
    let rest = if *kind == SecretKind::PrivateKey { rest } else { 0 };
    let (start, end) = (place.start as usize, place.end as usize + rest);
    diags.report(found.hide(Span::new(place.file, start, end)));
}

/// Returns where a value stands in the file, behind the name of its owner.
fn written_after(facts: &Facts<'_>, owner: Span, value: &str) -> Option<Span> {
    let behind = facts.sources.text(owner.file).get(owner.end as usize..)?;
    let start = owner.end as usize + behind.find(value)?;
    Some(Span::new(owner.file, start, start + value.len()))
}
