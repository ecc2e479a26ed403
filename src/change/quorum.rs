//! A majority whose members each have a list of all: it changes by so few at once that every majority of before shares
//! a member with every one of after.

use std::collections::BTreeSet;

use super::base::{Base, listed};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Role, majority};
use crate::output::described::{Described, Service};
use crate::source::Span;

pub(super) const CODE: &str = "quorum-changed-at-once";

pub(super) fn check(base: &Base, after: &Described, role: &Role, diags: &mut Diagnostics) {
    // another cluster has no members in common, and begins by itself
    if base.role.cluster != after.cluster {
        return;
    }
    for service in after.services.iter().filter(|service| service.listed) {
        let same = |it: &&Service| it.name == service.name && it.kind == service.kind;
        let Some(was) = base.role.services.iter().find(same) else { continue };
        let (old, new) = (names(&was.voters), names(&service.voters));
        if old.is_empty() || fits(&old, &new) {
            continue;
        }
        let step = step(&old, &new);
        let added: Vec<&str> = new.difference(&old).copied().collect();
        let title = format!(
            "`{}` would go from {} members to {}{} in one step",
            service.name,
            old.len(),
            new.len(),
            if added.is_empty() { String::new() } else { format!(", {} new,", added.len()) },
        );
        let span = place(role, &added);
        let found = Diagnostic::error(
            CODE,
            span,
            title,
            "while machines are replaced, two majorities may decide without each other",
        );
        let step: Vec<&str> = step.into_iter().collect();
        diags.report(found.help(format!(
            "{} has {}: build and deploy {} first, and go on from there; where nothing of it runs, `--accept {CODE}`",
            base.place,
            listed(&old.into_iter().collect::<Vec<_>>()),
            listed(&step),
        )));
    }
}

fn names(voters: &[String]) -> BTreeSet<&str> {
    voters.iter().map(String::as_str).collect()
}

/// Returns whether every majority of one list shares a member with every majority of the other.
fn fits(old: &BTreeSet<&str>, new: &BTreeSet<&str>) -> bool {
    majority(old.len()) + majority(new.len()) > old.union(new).count()
}

/// Returns the list to go to first: one new member more or, where none is missing, one old member less.
fn step<'a>(old: &BTreeSet<&'a str>, new: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let mut step = old.clone();
    match (new.difference(old).next(), old.difference(new).last()) {
        (Some(more), _) => drop(step.insert(more)),
        (None, Some(less)) => drop(step.remove(less)),
        (None, None) => {}
    }
    step
}

/// Returns where the first of the new members is written, else the first of those that stay.
fn place(role: &Role, added: &[&str]) -> Span {
    let new = role.nodes.iter().find(|node| added.contains(&node.name.value.as_str()));
    new.or(role.nodes.first()).map_or(role.cluster.span, |node| node.name.span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_share_a_member_in_every_majority() {
        for (old, new, expected, next) in [
            ("a b c", "a b c d", true, ""),
            ("a b c d", "a b c d e", true, ""),
            ("a b c", "a b c d e", false, "a b c d"),
            ("a b c d e", "a b c", false, "a b c d"),
            ("a b c d e", "a b c d", true, ""),
            ("a", "a b", true, ""),
            ("a", "a b c", false, "a b"),
            ("a b", "a b c", true, ""),
            ("a b c", "a b d", false, "a b c d"),
            ("a b c d", "a b d", true, ""),
            ("a b c", "d e f", false, "a b c d"),
        ] {
            let (old, new): (BTreeSet<&str>, BTreeSet<&str>) =
                (old.split(' ').collect(), new.split(' ').collect());
            assert_eq!(fits(&old, &new), expected, "{old:?} {new:?}");
            if !expected {
                let step = step(&old, &new);
                assert_eq!(step.iter().copied().collect::<Vec<_>>().join(" "), next);
                assert!(fits(&old, &step), "{old:?} {step:?}");
            }
        }
    }
}
