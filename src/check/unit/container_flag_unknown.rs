//! A call of docker or podman has a flag that its verb does not know.
//!
//! # Why
//! The client ends at once, with status 125: nothing runs, and with `Restart=` it is tried for ever. A long name behind
//! one dash is the commonest: `-rm` is the letters `r` and `m`, `-env A=1` is `-e nv` and then an image called `A=1`.
//!
//! Known are all flags of docker 20 to 29 and of podman 4 and 5, hidden ones too, as these clients say them. One that
//! no known version has is an error; one that newer versions have dropped is a warning. What holds a variable is not
//! judged, nor what `sh -c` runs.
//!
//! # Fix
//! Write the name that is meant, with two dashes: `--rm`, `--name`. Flags of the container's program stand behind the
//! image, flags of docker itself (`-H`, `--log-level`) before the verb.

use super::refused;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::MisreadKind;

pub(super) const CHECK: Check = Check {
    code: "container-flag-unknown",
    source: include_str!("container_flag_unknown.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    refused::each(view, |refused| {
        let misread = refused.misread;
        let (called, written) = (refused.called(), &misread.written);
        if misread.kind == MisreadKind::Flag {
            let title = format!("`{called}` has no flag `{written}`");
            let help = match &misread.meant {
                Some(meant) => format!("write `{meant}`"),
                None => format!("remove it: {} have no such flag here", refused.versions()),
            };
            let found = Diagnostic::error(CHECK.code, refused.span(), title, &misread.said);
            refused.report(diags, found, &help);
        }
        if misread.kind == MisreadKind::Gone {
            let title = format!("newer versions of `{called}` have no flag `{written}`");
            let found = Diagnostic::warning(CHECK.code, refused.span(), title, &misread.said);
            refused.report(diags, found, "remove it");
        }
    });
}
