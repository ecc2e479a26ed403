//! Two sections of a profile write to the same path.
//!
//! # Why
//! A path is either a file or a directory or a link: Ignition refuses a config that has it twice. The files of units
//! are in `/etc/systemd/system`; one that is also under `files` would win or lose by chance.
//!
//! # Fix
//! Keep one of the two. Unit files belong under `units`, where the name is the file's.

use super::view::{Check, Config};
use super::written::Kind;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "path-written-twice", source: include_str!("path_written_twice.rs"), run };

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    for (path, entries) in config.written.iter() {
        let [first, rest @ ..] = entries.as_slice() else { continue };
        let Some(last) = rest.last() else { continue };
        let (one, other) = (first.kind.word(), last.kind.word());
        let (title, label) = if one == other {
            (format!("{path} is written twice"), format!("a second {other}"))
        } else {
            (format!("{path} is written as a {one} and as a {other}"), format!("a {other}"))
        };
        let found = Diagnostic::error(CHECK.code, last.span, title, label)
            .related(first.span, format!("a {one} here"));
        diags.report(if first.kind == Kind::Unit || last.kind == Kind::Unit {
            let file = if first.kind == Kind::Unit { last } else { first };
            found
                .help(config.key(
                    "remove it from `files`, `directories` or `links`, and say it under `units`",
                    "remove it from `storage`, and say it under `systemd.units`",
                ))
                .edit(Edit::remove(file.span))
        } else {
            found.help("remove one of the two")
        });
    }
}
