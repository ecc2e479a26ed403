//! A service has no `ExecStart=`.
//!
//! # Why
//! systemd refuses to load a service that runs nothing: at least `ExecStart=`, `ExecStop=` or `SuccessAction=` must be
//! there, and only a oneshot service may leave out `ExecStart=`.
//!
//! # Fix
//! Add `ExecStart=` with an absolute path.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "unit-service-without-exec-start",
    source: include_str!("unit_service_without_exec_start.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.whole().filter(|unit| unit.is_service()) {
        let has = |key: &str| {
            unit.last("Service", key).is_some_and(|(_, option)| !option.value.text.is_empty())
        };
        if has("ExecStart") || unit.is_oneshot() && (has("ExecStop") || has("SuccessAction")) {
            continue;
        }
        let title = format!("`{}` runs nothing", unit.name());
        let span = unit.section_span(view.sources, "Service");
        diags.report_once(
            Diagnostic::error(CHECK.code, span, title, "systemd refuses to load it")
                .help("add `ExecStart=` with the absolute path of a program"),
        );
    }
}
