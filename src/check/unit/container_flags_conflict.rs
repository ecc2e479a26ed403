//! Flags of docker or podman exclude each other, or ask for a terminal that a unit does not have.
//!
//! # Why
//! The client ends before anything runs: `--rm` removes what `--restart` is to bring back, and `docker run -i -t` wants
//! a terminal to read from, where a service has `/dev/null`.
//!
//! # Fix
//! Leave restarts to systemd: drop `--restart`, and have `Restart=` in the unit. Drop `-t` where nobody types; a unit
//! with a terminal says so: `StandardInput=tty`.

use super::refused::{self, Refused};
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::MisreadKind;

pub(super) const CHECK: Check = Check {
    code: "container-flags-conflict",
    source: include_str!("container_flags_conflict.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    refused::each(view, |refused| {
        let (called, written) = (refused.called(), &refused.misread.written);
        let (title, help) = if refused.misread.kind == MisreadKind::Conflict {
            let title = format!("`{called}` does not take `{written}` beside its other flags");
            (title, format!("remove `{written}`"))
        } else if refused.misread.kind == MisreadKind::Terminal && !has_terminal(refused) {
            let title = format!("`{called}` wants a terminal, and a unit has none");
            (title, "remove `-t`".to_owned())
        } else {
            return;
        };
        let said = &refused.misread.said;
        refused.report(diags, Diagnostic::error(CHECK.code, refused.span(), title, said), &help);
    });
}

/// Returns whether the unit says that it reads from something.
fn has_terminal(refused: &Refused<'_>) -> bool {
    let input = refused.unit.last("Service", "StandardInput");
    input.is_some_and(|(_, option)| option.value.text != "null")
}
