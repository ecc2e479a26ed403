//! A unit calls a container runtime that its system does not run containers with.
//!
//! # Why
//! Container Linux and Flatcar have docker and no podman. Fedora CoreOS has both, but its own is podman: docker's
//! daemon is started only when asked, and is on its way out.
//!
//! # Fix
//! Call `/usr/bin/docker` on Container Linux and Flatcar, `/usr/bin/podman` on Fedora CoreOS.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::os;

pub(super) const CHECK: Check = Check {
    code: "container-client-missing",
    source: include_str!("container_client_missing.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let os = view.os;
    let runtime = &os::table(os).runtime;
    for unit in view.units.iter() {
        for command in &unit.commands {
            let (Some(call), Some(program)) = (&command.call, command.line.words.first()) else {
                continue;
            };
            let span = unit.span(view.sources, command.file, &program.at);
            let (own, called) = (runtime.name(), call.client);
            if called == own {
                continue;
            }
            let client = runtime.client;
            let finding = if runtime.has_both {
                let title = format!("{os} runs containers with {own}");
                Diagnostic::warning(CHECK.code, span, title, "not the system's own runtime")
                    .help(format!("write `{client}`, and remove `{called}.service` from `[Unit]`"))
            } else {
                let title = format!("{os} has no {called}");
                Diagnostic::error(CHECK.code, span, title, "is not there")
                    .help(format!("write `{client}`"))
                    .edit(unit.replace(view.sources, command.file, &program.at, client))
            };
            diags.report_once(finding);
            break;
        }
    }
}
