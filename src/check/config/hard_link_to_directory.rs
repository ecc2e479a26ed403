//! A hard link leads to a directory.
//!
//! # Why
//! No Linux file system has such links. Ignition refuses a config with one, and the machine does not boot.
//!
//! # Fix
//! Remove `hard`: a symbolic link may lead to a directory.

use std::collections::BTreeMap;

use super::view::{Check, Config};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::clean_path;
use crate::source::{Edit, Span};

pub(super) const CHECK: Check = Check {
    code: "hard-link-to-directory",
    source: include_str!("hard_link_to_directory.rs"),
    run,
};

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    let made = config.directories.iter().map(|made| (made.path.value.as_str(), made.path.span));
    let made: BTreeMap<&str, Span> = made.collect();
    for link in config.links.iter().filter(|link| link.hard) {
        // as Ignition does it: it takes a relative target for one below the link itself
        let path = if link.target.starts_with('/') {
            clean_path(&link.target)
        } else {
            clean_path(&format!("{}/{}", link.path.value, link.target))
        };
        let Some(target) = made.get(path.as_str()) else { continue };
        let title = format!("hard link {} leads to a directory", link.path.value);
        diags.report(
            Diagnostic::error(CHECK.code, link.path.span, title, "only files have hard links")
                .related(*target, "a directory")
                .help("remove `hard`")
                .edit(Edit::remove_inside(link.path.span, "hard")),
        );
    }
}
