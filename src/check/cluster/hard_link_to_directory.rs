//! A hard link leads to a directory.
//!
//! # Why
//! No Linux file system has such links. Ignition refuses a config with one, and the machine does not boot.
//!
//! # Fix
//! Remove `hard`: a symbolic link may lead to a directory.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "hard-link-to-directory",
    source: include_str!("hard_link_to_directory.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let role = facts.role;
    for link in role.links.iter().filter(|link| link.hard) {
        let target = role.directories.iter().find(|made| made.path.value == link.target);
        let Some(target) = target else { continue };
        let title = format!("hard link {} leads to a directory", link.path.value);
        diags.report(
            Diagnostic::error(CHECK.code, link.path.span, title, "only files have hard links")
                .related(target.path.span, "a directory")
                .help("remove `hard`")
                .edit(Edit::remove_inside(link.path.span, "hard")),
        );
    }
}
