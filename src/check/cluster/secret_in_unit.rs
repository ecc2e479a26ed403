//! The value of a secret variable becomes part of the text of a unit.
//!
//! # Why
//! Unit files are for everybody on a machine to read, as `systemctl cat` shows them, and the arguments of a process are
//! as `ps` shows them. Only the output of this program keeps them from others.
//!
//! # Fix
//! Give it to a container by `env` or `secrets`, which are written into files of root's own, or write a file and have
//! the program read that. Where nobody else is on the machine, allow the finding with that reason.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "secret-in-unit", source: include_str!("secret_in_unit.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for unit in facts.machines.iter().flat_map(|machine| &machine.units).filter(|unit| unit.secret)
    {
        let name = &unit.name.value;
        let title =
            format!("unit `{name}` holds a secret, and everybody on the machine reads units");
        diags.report_once(
            Diagnostic::warning(CHECK.code, unit.name.span, title, "its text holds the secret")
                .help("use the secret in the `env` or `secrets` of a container or in a file, which root alone reads"),
        );
    }
}
