//! A variable of type `secret` has its value in a profile, as its default.
//!
//! # Why
//! A profile is kept with its history by everybody who works on it: a value that stands there is known to all of them,
//! and stays known after it is changed. That the variable is called a secret does not hide it.
//!
//! # Fix
//! Leave the default out: a build then asks for the value, in `CFGBUILD_VAR_NAME` or in a file of values that is not
//! committed. Or let the machine fetch it when it boots, with `from:`. An empty default, for "there is none", is none.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "secret-default", source: include_str!("secret_default.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for (name, span) in facts.secret_defaults {
        let title = format!("the secret `{name}` has its value in the profile");
        let upper = name.to_ascii_uppercase();
        let help =
            format!("remove the default, and set `CFGBUILD_VAR_{upper}` where the build runs");
        let found = Diagnostic::warning(CHECK.code, *span, title, "whoever reads it knows it");
        diags.report(found.help(help).hide(*span));
    }
}
