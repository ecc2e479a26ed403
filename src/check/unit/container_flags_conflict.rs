//! Flags of docker or podman exclude each other, or ask for a terminal that a unit does not have.
//!
//! # Why
//! The client ends before anything runs: `--rm` removes what `--restart` is to bring back, and `docker run -i -t` wants
//! a terminal to read from, where a service has `/dev/null`.
//!
//! # Fix
//! Leave restarts to systemd: drop `--restart`, and have `Restart=` in the unit. Drop `-t` where nobody types; a unit
//! with a terminal says so: `StandardInput=tty`.

use super::refused;
use super::view::{Check, View};
use crate::diagnostic::Diagnostics;
use crate::unitfile::MisreadKind;

pub(super) const CHECK: Check = Check {
    code: "container-flags-conflict",
    source: include_str!("container_flags_conflict.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    refused::each(view, |refused| {
        let (called, written) = (refused.called(), &refused.misread.written);
        let (title, help) = match refused.misread.kind {
            MisreadKind::Conflict => (
                format!("`{called}` does not take `{written}` beside its other flags"),
                format!("remove `{written}`"),
            ),
            MisreadKind::Terminal => {
                let input = refused.unit.last("Service", "StandardInput");
                if input.is_some_and(|(_, option)| option.value.text != "null") {
                    return;
                }
                (
                    format!("`{called}` wants a terminal, and a unit has none"),
                    "remove `-t`".to_owned(),
                )
            }
            _ => return,
        };
        refused.report(diags, refused.finding(CHECK.code, title), &help);
    });
}
