//! A host directory is bound into a container without a label, on a system that enforces them.
//!
//! # Why
//! On Fedora CoreOS a container may only read and write what is labelled for it: a bind without `:z` or `:Z` ends in
//! "permission denied", whatever the mode bits say.
//!
//! # Fix
//! Add `:Z` for a directory of this container alone, `:z` for one that several share.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::is_below;
use crate::os;

pub(super) const CHECK: Check = Check {
    code: "container-bind-unlabelled",
    source: include_str!("container_bind_unlabelled.rs"),
    run,
};

/// Directories of the system itself, which must keep their labels.
const SYSTEM: &[&str] = &["/dev", "/etc", "/proc", "/run", "/sys", "/usr"];

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    if !os::table(view.os).runtime.labels {
        return;
    }
    for run in view.units.runs() {
        let is_free = run.call.has("privileged")
            || run.call.values("security-opt").any(|word| word.text.starts_with("label"));
        if is_free {
            continue;
        }
        for mounted in run.call.mounted() {
            let Some(source) =
                mounted.source.filter(|source| source.starts_with('/') && *source != "/")
            else {
                continue;
            };
            let is_system = SYSTEM.iter().any(|directory| is_below(source, directory));
            let is_labelled = mounted
                .options
                .split(',')
                .any(|option| matches!(option, "z" | "Z") || option.starts_with("relabel"));
            // docker's --mount cannot label at all
            if is_system || is_labelled || mounted.options.contains("type=") {
                continue;
            }
            let title =
                format!("SELinux keeps the container of `{}` from `{source}`", run.unit.name());
            let comma = if mounted.options.is_empty() { ":" } else { "," };
            let written = match mounted.options {
                "" => format!("{source}:{}", mounted.target),
                options => format!("{source}:{}:{options}", mounted.target),
            };
            let labelled = format!("{written}{comma}Z");
            diags.report_once(
                Diagnostic::warning(
                    CHECK.code,
                    run.span(view.sources, &mounted.at),
                    title,
                    "not labelled for containers",
                )
                .help(format!("write `{labelled}`, or `z` if others share it"))
                .edit(run.replace(view.sources, &mounted.at, labelled)),
            );
        }
    }
}
