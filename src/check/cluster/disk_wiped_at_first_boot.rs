//! A disk that no volume uses is wiped at the first boot of a machine.
//!
//! # Why
//! The first boot comes again with each replacement of the instance. A disk that is blank then is none the worse for
//! it; one that is kept, or is attached by mistake, loses everything.
//!
//! # Fix
//! Remove `wipe_table`, `wipe_partition_entry` or `wipe_filesystem`: Ignition makes what is not there and leaves what
//! is there and fits. For a scratch disk, allow the finding and say so.

use super::wipes::wipes;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "disk-wiped-at-first-boot",
    source: include_str!("disk_wiped_at_first_boot.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for wipe in wipes(facts.role).iter().filter(|wipe| wipe.volume.is_none()) {
        let (key, device) = (wipe.key, &wipe.device.value);
        let title = format!("{device} is wiped whenever a machine is replaced");
        let label = format!("`{key}` destroys what is there");
        diags.report(
            Diagnostic::warning(CHECK.code, wipe.device.span, title, label)
                .help(format!("remove `{key}`: what is blank is formatted all the same"))
                .edit(wipe.edit()),
        );
    }
}
