//! The value of a secret variable, or a file marked as secret, becomes part of the user data of an EC2 instance.
//!
//! # Why
//! User data is no safe: every program and every container of the machine can read it from the metadata service, at any
//! time, and so can whoever may describe the instance in the account.
//!
//! # Fix
//! Let the machine fetch the secret when it boots, with the rights of its role: put it into SSM Parameter Store or
//! Secrets Manager, and say where in the variable, `{ type: secret, from: "ssm:/kafka/password" }`; use it in a
//! container's `env` or `secrets`. Where the metadata service is closed to containers and everybody with rights in the
//! account may know the secret, allow the finding with that reason.

use super::is_default;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{PerNode, SecretFile, Text};
use crate::platform;
use crate::source::Span;

pub(super) const CHECK: Check =
    Check { code: "secret-in-user-data", source: include_str!("secret_in_user_data.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let role = facts.role;
    if !platform::of(role.target.platform.value).is_user_data_open {
        return;
    }
    for container in &role.containers {
        for variable in container.env.iter().filter(|variable| variable.secret) {
            let name = &variable.name.value;
            let owner = format!("variable `{name}` of container `{}`", container.name.value);
            report(facts, &owner, variable.name.span, FETCH, diags);
        }
        let built_in = |secret: &&SecretFile| secret.value.all().iter().any(Text::is_secret);
        for secret in container.secrets.iter().filter(built_in) {
            let owner = format!("`{}` of container `{}`", secret.name.value, container.name.value);
            report(facts, &owner, secret.at, FETCH, diags);
        }
        if container.args.iter().flat_map(PerNode::all).any(Text::is_secret) {
            let owner = format!("an argument of container `{}`", container.name.value);
            report(facts, &owner, container.name.span, ELSEWHERE, diags);
        }
    }
    for file in role.files.iter().filter(|file| file.secret && !file.remove) {
        report(facts, &format!("file {}", file.path.value), file.path.span, ELSEWHERE, diags);
    }
    for setting in
        facts.services.settings().filter(|one| one.value.all().iter().any(Text::is_secret))
    {
        let help = if setting.fetched { FETCH } else { SETTING };
        report(facts, &format!("`{}`", setting.key), setting.span, help, diags);
    }
    let login = role.registry.iter().filter_map(|registry| registry.auth.as_ref());
    for auth in login.filter(|auth| auth.value.secret) {
        report(facts, "`registry.auth`", auth.span, PULL, diags);
    }
    for unit in role.units.iter().filter(|unit| unit.secret) {
        report(facts, &format!("unit {}", unit.name.value), unit.name.span, ELSEWHERE, diags);
    }
}

/// What helps where a machine can fetch the secret itself.
const FETCH: &str = "let the machine fetch it at boot: `from: \"ssm:/NAME\"` in the variable; \
                     or `allow` this with a reason";
/// What helps where a machine can fetch it for a container alone.
const ELSEWHERE: &str = "give it to a container in its `env` or `secrets`, where the machine can fetch it at boot: \
                         `from: \"ssm:/NAME\"` in the variable; or `allow` this with a reason";
/// What helps for a setting of a service, which no machine fetches.
const SETTING: &str =
    "settings of a service cannot be fetched at boot: leave it out, or `allow` this with a reason";
/// What helps for the password of a registry.
const PULL: &str =
    "pull from ECR, where the instance's role is the login; or `allow` this with a reason";

fn report(facts: &Facts<'_>, owner: &str, span: Span, help: &str, diags: &mut Diagnostics) {
    let title = format!("the secret of {owner} becomes user data, which every container can read");
    let mut found = Diagnostic::error(CHECK.code, span, title, "holds a secret").help(help);
    let platform = facts.role.target.platform.span;
    if !is_default(facts, platform) {
        found = found.related(platform, "user data is open to the whole machine there");
    }
    diags.report(found);
}
