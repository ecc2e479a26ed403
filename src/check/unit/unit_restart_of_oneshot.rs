//! A oneshot service says `Restart=always` or `Restart=on-success`.
//!
//! # Why
//! A oneshot service that is restarted when it succeeds would never be done, so systemd refuses to load it.
//!
//! # Fix
//! Write `Restart=on-failure`, or another `Type=`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "unit-restart-of-oneshot",
    source: include_str!("unit_restart_of_oneshot.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.whole() {
        let (Some((type_file, kind)), Some((file, restart))) =
            (unit.last("Service", "Type"), unit.last("Service", "Restart"))
        else {
            continue;
        };
        if kind.value.text != "oneshot"
            || !["always", "on-success"].contains(&restart.value.text.as_str())
        {
            continue;
        }
        let title = format!("`{}` is oneshot and `Restart={}`", unit.name(), restart.value.text);
        let span = unit.value_span(view.sources, file, restart);
        diags.report_once(
            Diagnostic::error(CHECK.code, span, title, "systemd refuses to load it")
                .related(unit.value_span(view.sources, type_file, kind), "runs to its end")
                .help("write `Restart=on-failure`")
                .edit(unit.set_option(view.sources, file, restart, "on-failure")),
        );
    }
}
