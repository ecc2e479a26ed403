//! A kernel argument must be there and must not, or is named twice.
//!
//! # Why
//! Ignition refuses such a config, and the machine does not boot.
//!
//! # Fix
//! Keep it in one of `should_exist` and `should_not_exist`.

use std::collections::BTreeMap;

use super::view::{Check, Config};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "kernel-argument-conflict",
    source: include_str!("kernel_argument_conflict.rs"),
    run,
};

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    let mut taken = BTreeMap::new();
    for argument in &config.kernel_arguments {
        let Some(first) = taken.insert(argument.value.as_str(), argument.span) else { continue };
        let title = format!("kernel argument `{}` is named twice", argument.value);
        diags.report(
            Diagnostic::error(CHECK.code, argument.span, title, "named before")
                .related(first, "the first time")
                .help("remove one of the two")
                .edit(Edit::remove(argument.span)),
        );
    }
}
