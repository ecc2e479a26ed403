//! A unit holds a secret.
//!
//! # Why
//! A unit file is world-readable on the machine, is part of the user data anybody on the instance can fetch, and is
//! shown by `systemctl cat`, `docker inspect` and `ps`. It also stays in version control.
//!
//! # Fix
//! On AWS give the instances a role: the images' SDKs find its keys by themselves. Else write a file of the profile
//! with `secret: true` and read it with `--env-file` or a variable that ends in `_FILE`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics, SecretKind, secrets};

pub(super) const CHECK: Check = Check {
    code: "unit-secret-in-environment",
    source: include_str!("unit_secret_in_environment.rs"),
    run,
};

/// Most other secrets of one unit that are pointed at.
const MOST: usize = 20;

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter().filter(|unit| !unit.spec.secret) {
        for (index, file) in unit.files.iter().enumerate() {
            let found = secrets(&file.text);
            let Some((first, others)) = found.split_first() else { continue };
            let is_aws = found.iter().any(|secret| match &secret.kind {
                SecretKind::Named(name) => name.to_ascii_uppercase().contains("AWS"),
                SecretKind::AccessKey => true,
                SecretKind::PrivateKey | SecretKind::InUrl => false,
            });
            let title = format!("`{}` holds a secret: {}", unit.name(), first.kind);
            let span = unit.span(view.sources, index, &first.range);
            let label = "anybody on the machine can read it";
            let mut finding = Diagnostic::error(CHECK.code, span, title, label);
            for secret in others.iter().take(MOST) {
                finding =
                    finding.related(unit.span(view.sources, index, &secret.range), "and this");
            }
            diags.report_once(finding.help(if is_aws {
                "remove the keys and give the instances an IAM role: SDKs find it by themselves"
            } else {
                "write it into a file of the profile with `secret: true`, and read that with `--env-file`"
            }));
        }
    }
}
