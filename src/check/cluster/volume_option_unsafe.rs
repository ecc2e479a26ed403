//! A mount option gives away what a volume is for.
//!
//! # Why
//! Without barriers the disk may keep back what the service was told is written, and the power takes it; `writeback`
//! leaves old blocks in files after a crash; without its log a file system is not whole after one. What is mounted
//! read-only takes no write at all.
//!
//! # Fix
//! Remove the option: the defaults of the file systems lose nothing that was acknowledged.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "volume-option-unsafe", source: include_str!("volume_option_unsafe.rs"), run };

/// Options, and what comes of each.
const UNSAFE: [(&str, &str); 6] = [
    ("barrier=0", "what was acknowledged is lost with the power"),
    ("data=writeback", "files hold old blocks after a crash"),
    ("nobarrier", "what was acknowledged is lost with the power"),
    ("noload", "it is mounted without its log, so not whole after a crash"),
    ("norecovery", "it is mounted without its log, so not whole after a crash"),
    ("ro", "nothing can be written"),
];

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for volume in &facts.role.volumes {
        for written in &volume.options {
            let unsafe_one =
                UNSAFE.iter().find(|(option, _)| written.value.split(',').any(|it| it == *option));
            let Some((option, comes)) = unsafe_one else { continue };
            let title =
                format!("volume `{}` is mounted with `{option}`: {comes}", volume.name.value);
            let found = Diagnostic::warning(CHECK.code, written.span, title, "not for data")
                .help(format!("remove `{option}`"));
            let rest: Vec<&str> = written.value.split(',').filter(|it| it != option).collect();
            diags.report(found.edit(if rest.is_empty() {
                Edit::remove(written.span)
            } else {
                Edit::write(written.span, rest.join(","))
            }));
        }
    }
}
