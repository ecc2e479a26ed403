//! A unit calls a container runtime that its system does not run containers with.
//!
//! # Why
//! Container Linux and Flatcar have docker and no podman. Fedora CoreOS has both, but its own is podman: docker's daemon
//! is started only when asked, and is on its way out.
//!
//! # Fix
//! Call `/usr/bin/docker` on Container Linux and Flatcar, `/usr/bin/podman` on Fedora CoreOS.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Os;

pub(super) const CHECK: Check = Check {
    code: "container-client-missing",
    source: include_str!("container_client_missing.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let os = view.os;
    for unit in view.units.iter() {
        for command in &unit.commands {
            let (Some(call), Some(program)) = (&command.call, command.line.words.first()) else {
                continue;
            };
            let span = unit.span(view.sources, command.file, &program.at);
            let finding = match (os, call.client) {
                (Os::Flatcar | Os::ContainerLinux, "podman") => Diagnostic::error(
                    CHECK.code,
                    span,
                    format!("{os} has no podman"),
                    "is not there",
                )
                .help("write `/usr/bin/docker`")
                .edit(unit.replace(view.sources, command.file, &program.at, "/usr/bin/docker")),
                (Os::FedoraCoreos, "docker") => Diagnostic::warning(
                    CHECK.code,
                    span,
                    format!("{os} runs containers with podman"),
                    "not the system's own runtime",
                )
                .help("write `/usr/bin/podman`, and remove `docker.service` from `[Unit]`"),
                (Os::Flatcar | Os::ContainerLinux | Os::FedoraCoreos, _) => continue,
            };
            diags.report_once(finding);
            break;
        }
    }
}
