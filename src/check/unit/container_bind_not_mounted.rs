//! A service's data goes to a directory outside of every volume, though the profile has volumes.
//!
//! # Why
//! The directory is then on the root disk, which goes with the machine; the volume stays empty and nobody notices until
//! it is needed.
//!
//! # Fix
//! Bind a directory below the volume's mount point.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::is_below;

pub(super) const CHECK: Check = Check {
    code: "container-bind-not-mounted",
    source: include_str!("container_bind_not_mounted.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let points = view.mount_points();
    let Some((first, _)) = points.first() else { return };
    for run in view.units.runs() {
        let Some(known) = Known::run(&run) else { continue };
        for mounted in run.call.mounted() {
            let Some(source) = mounted.source.filter(|source| source.starts_with('/')) else {
                continue;
            };
            let is_data = known
                .image
                .data
                .iter()
                .any(|data| is_below(mounted.target, data) || is_below(data, mounted.target));
            if !is_data || points.iter().any(|(point, _)| is_below(source, point)) {
                continue;
            }
            let title =
                format!("the data of {} is on the root disk, not on a volume", known.name());
            let mut finding = Diagnostic::error(
                CHECK.code,
                run.span(view.sources, &mounted.at),
                title,
                "below no mount point",
            );
            for (_, span) in &points {
                finding = finding.related(*span, "a volume is mounted here");
            }
            let bind = format!("{first}/data:{}", mounted.target);
            let waits =
                run.unit.words("Unit", "RequiresMountsFor").any(|path| is_below(path, first));
            let wait = format!("RequiresMountsFor={first}");
            finding = finding.help(if waits {
                format!("bind `{bind}`")
            } else {
                format!("bind `{bind}`, and add `{wait}` to `[Unit]`")
            });
            if mounted.options.is_empty() {
                finding = finding.edit(run.replace(view.sources, &mounted.at, bind));
                if !waits {
                    finding = finding.edit(run.unit.add_options(view.sources, "Unit", &wait));
                }
            }
            diags.report_once(finding);
        }
    }
}
