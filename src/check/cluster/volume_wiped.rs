//! The disk of a volume is wiped at the first boot of a machine.
//!
//! # Why
//! The first boot comes again with each replacement of the instance, and the volume comes back with its data: `storage`
//! then destroys what the volume was kept for. A volume needs no entry there; it is formatted where it is blank.
//!
//! # Fix
//! Remove the entry from `storage`, or set its `wipe_table`, `wipe_partition_entry` or `wipe_filesystem` to false.

use super::wipes::wipes;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "volume-wiped", source: include_str!("volume_wiped.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for wipe in wipes(facts.role) {
        let Some((volume, place)) = wipe.volume else { continue };
        let (name, key, device) = (&volume.name.value, wipe.key, &wipe.device.value);
        let title =
            format!("volume `{name}` is wiped with {device} whenever a machine is replaced");
        diags.report(
            Diagnostic::error(CHECK.code, wipe.device.span, title, format!("`{key}` destroys it"))
                .related(place, format!("volume `{name}` is there"))
                .help(format!("remove `{key}`: a volume is formatted only where it is blank"))
                .edit(wipe.edit()),
        );
    }
}
