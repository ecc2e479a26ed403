//! Something is to be written below a path that is a file or a link.
//!
//! # Why
//! A file has nothing below it: Ignition accepts such a config and then fails with "not a directory", and the machine
//! does not boot. Below a link it refuses to write at all.
//!
//! # Fix
//! Rename one of the two. Below a link, write to the path that the link leads to.

use super::view::{Check, Config};
use super::written::Kind;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Sources;

pub(super) const CHECK: Check =
    Check { code: "path-below-file", source: include_str!("path_below_file.rs"), run };

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    let all = &config.written;
    for (path, entries) in all.iter() {
        let Some(entry) = entries.last() else { continue };
        let above = ancestors(path).find_map(|above| {
            let found = all.at(above)?.iter().find(|entry| entry.kind != Kind::Directory)?;
            Some((above, found))
        });
        let Some((above, found)) = above else { continue };
        let (what, under) = (entry.kind.word(), found.kind.word());
        let title = format!("{what} {path} cannot be: {above} is a {under}");
        // The place to mend is the profile's own.
        let (place, label, other, said) = if entry.span.file == Sources::BUILTIN {
            (
                found.span,
                format!("a {under}"),
                entry.span,
                format!("cfgbuild writes the {what} {path}"),
            )
        } else {
            (entry.span, format!("below a {under}"), found.span, format!("{above} is a {under}"))
        };
        let help = match found.kind {
            Kind::Link => "write it to the path that the link leads to, or remove the link",
            Kind::File | Kind::Directory | Kind::Unit => "rename one of the two",
        };
        diags.report(
            Diagnostic::error(CHECK.code, place, title, label).related(other, said).help(help),
        );
    }
}

/// Returns the directories above a path, the nearest first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').filter_map(|(at, _)| path.get(..at)).filter(|above| !above.is_empty())
}
