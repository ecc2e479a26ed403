//! A user is in a group, or a file belongs to a user or group, that neither the profile nor the system has.
//!
//! # Why
//! Names are looked up when the machine boots for the first time. Where there is none, Ignition fails, and the machine
//! does not come up.
//!
//! # Fix
//! Declare it under `groups` or `users`, or give the owner as a number. If the image you boot brings the name, allow
//! the finding and say so.

use super::view::{Check, Config, Form, Owned};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Owner;
use crate::os::brings_account;
use crate::source::{Edit, Span};

pub(super) const CHECK: Check =
    Check { code: "account-undefined", source: include_str!("account_undefined.rs"), run };

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    for user in config.users.iter().filter(|user| exists(user.should_exist.as_ref())) {
        for group in user.groups.iter().chain(&user.primary_group) {
            if !has_group(config, group) {
                let owner = format!("user `{}`", user.name.value);
                report(config, ("group", group), &owner, "is in it", user.name.span, diags);
            }
        }
    }
    for &Owned { what, path, user, group } in &config.owned {
        let owner = format!("{what} {}", path.value);
        if let Some(Owner::Name(name)) = user
            && !has_user(config, name)
        {
            report(config, ("user", name), &owner, "belongs to it", path.span, diags);
        }
        if let Some(Owner::Name(name)) = group
            && !has_group(config, name)
        {
            report(config, ("group", name), &owner, "belongs to it", path.span, diags);
        }
    }
}

fn report(
    config: &Config<'_>,
    (kind, name): (&str, &str),
    owner: &str,
    relation: &str,
    span: Span,
    diags: &mut Diagnostics,
) {
    let title = format!("{kind} `{name}` of {owner} is not declared");
    let help = match config.form {
        Form::Profile => format!("declare it: `{kind}s: {{ {name}: {{}} }}`"),
        Form::Ignition => format!("add it to `passwd.{kind}s`, or write a number as `id`"),
    };
    diags.report(
        Diagnostic::warning(CHECK.code, span, title, relation)
            .help(help)
            .edit(Edit::set([format!("{kind}s").as_str(), name], "{}")),
    );
}

fn exists(should: Option<&crate::source::Spanned<bool>>) -> bool {
    should.is_none_or(|should| should.value)
}

fn has_user(config: &Config<'_>, name: &str) -> bool {
    let declared =
        |user: &crate::model::User| user.name.value == name && exists(user.should_exist.as_ref());
    brings_account(name) || config.users.iter().any(declared)
}

fn has_group(config: &Config<'_>, name: &str) -> bool {
    // A user brings a group of its own name, unless it has another as its first.
    let own = |user: &crate::model::User| user.name.value == name && user.primary_group.is_none();
    brings_account(name)
        || config.groups.iter().any(|group| group.name.value == name)
        || config.users.iter().any(own)
}
