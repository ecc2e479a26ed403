//! The mount unit of a volume is masked or left out.
//!
//! # Why
//! What binds a directory of the volume starts only where it is mounted, so that nothing is ever written to the root
//! disk instead: without the mount unit it does not start at all, at any boot, and no program says why.
//!
//! # Fix
//! Keep the unit. To change how it is mounted, add a drop-in, or write the unit anew with `contents`. If the volume is
//! not wanted, remove it from `volumes`.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::escape_path;

pub(super) const CHECK: Check =
    Check { code: "volume-not-mounted", source: include_str!("volume_not_mounted.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for volume in &facts.role.volumes {
        let mount = format!("{}.mount", escape_path(&volume.mount.value));
        let units = facts.role.units.iter();
        let Some(unit) =
            units.filter(|unit| unit.remove || unit.mask).find(|unit| unit.name.value == mount)
        else {
            continue;
        };
        let name = &volume.name.value;
        let title = format!("volume `{name}` is never mounted: `{mount}` is masked or left out");
        diags.report(
            Diagnostic::error(CHECK.code, unit.name.span, title, "the only unit that mounts it")
                .related(volume.mount.span, "is to be mounted here")
                .help("take this back, or remove the volume; a drop-in changes how it is mounted"),
        );
    }
}
