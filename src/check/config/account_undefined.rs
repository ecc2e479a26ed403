//! A user is in a group, or a file belongs to a user or group, that neither the profile nor the system has.
//!
//! # Why
//! Names are looked up when the machine boots for the first time. Where there is none, Ignition fails, and the machine
//! does not come up.
//!
//! # Fix
//! Declare it under `groups` or `users`, or give the owner as a number. If the image you boot brings the name, allow
//! the finding and say so.

use std::collections::BTreeSet;

use super::view::{Check, Config, Form, Owned};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Owner;
use crate::os::brings_account;
use crate::source::{Edit, Span};

pub(super) const CHECK: Check =
    Check { code: "account-undefined", source: include_str!("account_undefined.rs"), run };

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    let accounts = Accounts::of(config);
    for user in config.users.iter().filter(|user| exists(user.should_exist.as_ref())) {
        for group in user.groups.iter().chain(&user.primary_group) {
            if !accounts.has_group(group) {
                let owner = format!("user `{}`", user.name.value);
                report(config, ("group", group), &owner, "is in it", user.name.span, diags);
            }
        }
    }
    for &Owned { what, path, user, group } in &config.owned {
        let owner = format!("{what} {}", path.value);
        if let Some(Owner::Name(name)) = user
            && !accounts.has_user(name)
        {
            report(config, ("user", name), &owner, "belongs to it", path.span, diags);
        }
        if let Some(Owner::Name(name)) = group
            && !accounts.has_group(name)
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

/// The names of users and groups that a config declares.
struct Accounts<'a> {
    users: BTreeSet<&'a str>,
    groups: BTreeSet<&'a str>,
}

impl<'a> Accounts<'a> {
    fn of(config: &Config<'a>) -> Self {
        let declared = config.users.iter().filter(|user| exists(user.should_exist.as_ref()));
        // A user brings a group of its own name, unless it has another as its first.
        let own = config.users.iter().filter(|user| user.primary_group.is_none());
        let groups = config.groups.iter().map(|group| group.name.value.as_str());
        Self {
            users: declared.map(|user| user.name.value.as_str()).collect(),
            groups: groups.chain(own.map(|user| user.name.value.as_str())).collect(),
        }
    }

    fn has_user(&self, name: &str) -> bool {
        brings_account(name) || self.users.contains(name)
    }

    fn has_group(&self, name: &str) -> bool {
        brings_account(name) || self.groups.contains(name)
    }
}
