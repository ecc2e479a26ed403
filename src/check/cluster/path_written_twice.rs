//! Two sections of a profile write to the same path.
//!
//! # Why
//! A path is either a file or a directory or a link: Ignition refuses a config that has it twice. The files of units
//! are in `/etc/systemd/system`; one that is also under `files` would win or lose by chance.
//!
//! # Fix
//! Keep one of the two. Unit files belong under `units`, where the name is the file's.

use super::written::{Kind, written};
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "path-written-twice", source: include_str!("path_written_twice.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let Some(machine) = facts.machines.first() else { return };
    for (path, entries) in written(machine) {
        let [first, rest @ ..] = entries.as_slice() else { continue };
        let Some(last) = rest.last() else { continue };
        let (one, other) = (first.kind.word(), last.kind.word());
        let title = format!("{path} is written as a {one} and as a {other}");
        let found = Diagnostic::error(CHECK.code, last.span, title, format!("a {other}"))
            .related(first.span, format!("a {one} here"));
        diags.report(if first.kind == Kind::Unit || last.kind == Kind::Unit {
            let file = if first.kind == Kind::Unit { last } else { first };
            found
                .help("remove it from `files`, `directories` or `links`, and say it under `units`")
                .edit(Edit::remove(file.span))
        } else {
            found.help("remove one of the two")
        });
    }
}
