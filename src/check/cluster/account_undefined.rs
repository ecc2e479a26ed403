//! A user is in a group, or a file belongs to a user or group, that neither the profile nor the system has.
//!
//! # Why
//! Names are looked up when the machine boots for the first time. Where there is none, Ignition fails, and the machine
//! does not come up.
//!
//! # Fix
//! Declare it under `groups` or `users`, or give the owner as a number. If the image you boot brings the name, allow
//! the finding and say so.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Owner, Role};
use crate::os::brings_account;
use crate::source::{Edit, Span};

pub(super) const CHECK: Check =
    Check { code: "account-undefined", source: include_str!("account_undefined.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let role = facts.role;
    for user in role.users.iter().filter(|user| exists(user.should_exist.as_ref())) {
        for group in user.groups.iter().chain(&user.primary_group) {
            if !has_group(role, group) {
                let owner = format!("user `{}`", user.name.value);
                report("group", group, &owner, "is in it", user.name.span, diags);
            }
        }
    }
    let files = role.files.iter().filter(|file| !file.remove);
    let files = files.map(|file| ("file", &file.path, &file.user, &file.group));
    let directories = role.directories.iter();
    let directories = directories.map(|made| ("directory", &made.path, &made.user, &made.group));
    for (what, path, user, group) in files.chain(directories) {
        let owner = format!("{what} {}", path.value);
        if let Some(Owner::Name(name)) = user
            && !has_user(role, name)
        {
            report("user", name, &owner, "belongs to it", path.span, diags);
        }
        if let Some(Owner::Name(name)) = group
            && !has_group(role, name)
        {
            report("group", name, &owner, "belongs to it", path.span, diags);
        }
    }
}

fn report(
    kind: &str,
    name: &str,
    owner: &str,
    relation: &str,
    span: Span,
    diags: &mut Diagnostics,
) {
    let title = format!("{kind} `{name}` of {owner} is not declared");
    diags.report(
        Diagnostic::warning(CHECK.code, span, title, relation)
            .help(format!("declare it: `{kind}s: {{ {name}: {{}} }}`"))
            .edit(Edit::set([format!("{kind}s").as_str(), name], "{}")),
    );
}

fn exists(should: Option<&crate::source::Spanned<bool>>) -> bool {
    should.is_none_or(|should| should.value)
}

fn has_user(role: &Role, name: &str) -> bool {
    let declared =
        |user: &crate::model::User| user.name.value == name && exists(user.should_exist.as_ref());
    brings_account(name) || role.users.iter().any(declared)
}

fn has_group(role: &Role, name: &str) -> bool {
    // A user brings a group of its own name, unless it has another as its first.
    let own = |user: &crate::model::User| user.name.value == name && user.primary_group.is_none();
    brings_account(name)
        || role.groups.iter().any(|group| group.name.value == name)
        || role.users.iter().any(own)
}
