//! Two users, or two groups, have the same number.
//!
//! # Why
//! `useradd` and `groupadd` refuse the second, Ignition fails, and the machine does not come up. The user `core` has
//! number 500 on Flatcar and 1000 on Fedora CoreOS.
//!
//! # Fix
//! Give one of them another number, or leave the number out.

use std::collections::BTreeMap;

use super::view::{Check, Config};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::os;
use crate::source::{Edit, Sources, Span};

pub(super) const CHECK: Check =
    Check { code: "account-id-taken", source: include_str!("account_id_taken.rs"), run };

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    let number = os::table(config.os).core_id;
    let mut users: BTreeMap<u32, (&str, Span)> =
        BTreeMap::from([(number, ("core", Sources::NOWHERE))]);
    for user in config.users.iter().filter(|user| user.name.value != "core") {
        let Some(uid) = &user.uid else { continue };
        let here = (user.name.value.as_str(), uid.span);
        if let Some(first) = users.insert(uid.value, here) {
            diags.report(taken("users", uid.value, first, here).edit(Edit::remove(uid.span)));
        }
    }
    let mut groups: BTreeMap<u32, (&str, Span)> =
        BTreeMap::from([(number, ("core", Sources::NOWHERE))]);
    for group in config.groups.iter().filter(|group| group.name.value != "core") {
        let Some(gid) = group.gid else { continue };
        let here = (group.name.value.as_str(), group.name.span);
        if let Some(first) = groups.insert(gid, here) {
            let edit = Edit::remove_inside(group.name.span, "gid");
            diags.report(taken("groups", gid, first, here).edit(edit));
        }
    }
}

fn taken(
    kind: &str,
    number: u32,
    (first, place): (&str, Span),
    (second, span): (&str, Span),
) -> Diagnostic {
    let title = format!("{kind} `{first}` and `{second}` have the same number {number}");
    let said = if place.file == Sources::BUILTIN {
        format!("the system has `{first}` with number {number}")
    } else {
        format!("taken by `{first}`")
    };
    Diagnostic::error(CHECK.code, span, title, "already taken")
        .related(place, said)
        .help(format!("give `{second}` another number, or leave it out"))
}
