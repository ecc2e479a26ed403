//! A service has no `Restart=`.
//!
//! # Why
//! systemd's default is to leave a service that ended as it is. One exit, one crash of the docker daemon, and the
//! member is gone until somebody looks.
//!
//! # Fix
//! Add `Restart=always` and `RestartSec=10` to `[Service]`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "unit-without-restart", source: include_str!("unit_without_restart.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.whole().filter(|unit| unit.is_service()) {
        let kind =
            unit.last("Service", "Type").map_or("simple", |(_, option)| option.value.text.as_str());
        let has_program = unit.last("Service", "ExecStart").is_some();
        let restart = unit.last("Service", "Restart");
        let is_no = restart.is_none_or(|(_, option)| option.value.text == "no");
        // started anew for each connection of a socket with `Accept=yes`
        let connected = unit.last("Service", "StandardInput");
        let connected = connected.is_some_and(|(_, option)| option.value.text == "socket");
        if kind == "oneshot" || !has_program || !is_no || connected {
            continue;
        }
        let title = format!("`{}` stays down once it has ended", unit.name());
        let (span, label, help) = match restart {
            Some((file, option)) => (
                unit.value_span(view.sources, file, option),
                "never started again",
                "write `Restart=always`",
            ),
            None => (
                unit.section_span(view.sources, "Service"),
                "no `Restart=` below",
                "add `Restart=always` and `RestartSec=10`",
            ),
        };
        let edit = match restart {
            Some((file, option)) => unit.set_option(view.sources, file, option, "always"),
            None => unit.add_options(view.sources, "Service", "Restart=always\nRestartSec=10"),
        };
        diags
            .report_once(Diagnostic::warning(CHECK.code, span, title, label).help(help).edit(edit));
    }
}
