//! An array without redundancy has spares.
//!
//! # Why
//! A spare replaces a disk that failed. `linear` and `raid0` are gone with their first disk, and Ignition refuses
//! spares for them: the machine does not boot.
//!
//! # Fix
//! Set `spares` to 0, or choose a level that survives a disk, such as raid1 or raid10.

use super::view::{Check, Config};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "raid-spares-useless", source: include_str!("raid_spares_useless.rs"), run };

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    for array in config.raid {
        if array.spares == 0 || !matches!(array.level.as_str(), "linear" | "raid0" | "0" | "stripe")
        {
            continue;
        }
        let title = format!(
            "array `{}` has spares, and level {} has no use for them",
            array.name.value, array.level
        );
        diags.report(
            Diagnostic::error(CHECK.code, array.name.span, title, "gone with its first disk")
                .help("remove `spares`, or set `level` to raid1 or raid10")
                .edit(Edit::remove_beside(array.name.span, "spares")),
        );
    }
}
