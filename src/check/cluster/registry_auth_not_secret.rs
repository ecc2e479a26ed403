//! The password of the registry does not come from a variable of type `secret`.
//!
//! # Why
//! `registry.auth` is a password in base64, which anybody can read. In a profile it is kept with its history by
//! everybody who works on it; from another variable it is shown in messages, and the artefacts that hold it are written
//! for everybody to read.
//!
//! # Fix
//! Declare a variable of type `secret` and use it: `auth: "{{vars.registry_auth}}"`. Set it where the build runs, with
//! `CFGBUILD_VAR_registry_auth`. A password that has been in a profile is known: make it invalid first.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "registry-auth-not-secret",
    source: include_str!("registry_auth_not_secret.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let auth = facts.role.registry.as_ref().and_then(|registry| registry.auth.as_ref());
    let Some(auth) = auth.filter(|auth| !auth.value.secret) else { return };
    let found = Diagnostic::error(
        CHECK.code,
        auth.span,
        "`registry.auth` does not come from a variable of type `secret`",
        "a password that everybody can read",
    );
    diags.report(found.hide(auth.span).help(
        "declare `vars: { registry_auth: { type: secret } }`, and write `auth: \"{{vars.registry_auth}}\"`",
    ));
}
