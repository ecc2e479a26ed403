//! A file system of `storage` has a longer label than its format can hold.
//!
//! # Why
//! xfs takes 12 bytes, ext4 16, swap 15, vfat 11 and btrfs 256. Ignition refuses a longer one, and the machine does not
//! boot.
//!
//! # Fix
//! Shorten the label.

use super::view::{Check, Config};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

/// Most bytes of a label, by format.
const LIMITS: [(&str, usize); 5] =
    [("btrfs", 256), ("ext4", 16), ("swap", 15), ("vfat", 11), ("xfs", 12)];

pub(super) const CHECK: Check = Check {
    code: "filesystem-label-too-long",
    source: include_str!("filesystem_label_too_long.rs"),
    run,
};

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    for made in config.filesystems {
        let Some(label) = &made.label else { continue };
        let limit = LIMITS.iter().find(|(format, _)| *format == made.format.value);
        let Some((format, limit)) = limit.filter(|(_, limit)| label.value.len() > *limit) else {
            continue;
        };
        let bytes = label.value.len();
        let end = label.value.floor_char_boundary(*limit);
        let short = label.value.get(..end).unwrap_or_default().trim_end_matches(['-', '_', '.']);
        let title = format!("label `{}` has {bytes} bytes, {format} takes {limit}", label.value);
        diags.report(
            Diagnostic::error(CHECK.code, label.span, title, "too long for a label")
                .related(made.format.span, format!("the format is {format}"))
                .help(format!("shorten it to {limit} bytes, as in `{short}`"))
                .edit(Edit::replace(label.span, label.value.as_str(), short)),
        );
    }
}
