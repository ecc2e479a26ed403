//! A unit binds a directory of a volume and does not wait for the volume.
//!
//! # Why
//! Docker makes a directory that is not there: started before the mount, or without it, the service writes to the root
//! disk, and the mount then hides what it wrote.
//!
//! # Fix
//! Add `RequiresMountsFor=PATH` to `[Unit]`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::is_below;
use crate::unitfile::{RawUnit, escape_path};

pub(super) const CHECK: Check = Check {
    code: "container-bind-before-mount",
    source: include_str!("container_bind_before_mount.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let points = view.mount_points();
    for run in view.units.runs() {
        for mounted in run.call.mounted() {
            let Some(source) = mounted.source else { continue };
            // a mount below another waits for that one by itself
            let above = points.iter().filter(|(point, _)| is_below(source, point));
            let nearest = above.max_by_key(|(point, _)| point.len());
            let Some((point, span)) = nearest else { continue };
            if waits(run.unit, point) {
                continue;
            }
            let title = format!("`{}` may start before `{point}` is mounted", run.unit.name());
            let label = "docker makes it on the root disk if it is not there";
            diags.report_once(
                Diagnostic::error(CHECK.code, run.span(view.sources, &mounted.at), title, label)
                    .related(*span, "mounted here")
                    .help(format!("add `RequiresMountsFor={point}` to `[Unit]`"))
                    .edit(run.unit.add_options(
                        view.sources,
                        "Unit",
                        &format!("RequiresMountsFor={point}"),
                    )),
            );
        }
    }
}

/// Tells whether a unit does not start before a mount: it requires the mount, or wants it and looks for it itself.
fn waits(unit: &RawUnit<'_>, point: &str) -> bool {
    let mount = format!("{}.mount", escape_path(point));
    let names = |key: &str| unit.words("Unit", key).any(|name| name == mount);
    let looks = || {
        let mut before = unit.all("Service", "ExecStartPre");
        before.any(|(_, step)| {
            // a path with a blank in it is quoted
            let text = step.value.text.replace(['"', '\''], " ") + " ";
            text.contains("mountpoint ") && text.contains(&format!(" {point} "))
        })
    };
    unit.words("Unit", "RequiresMountsFor").any(|path| is_below(path, point))
        || names("After") && (names("Requires") || names("BindsTo") || names("Wants") && looks())
}
