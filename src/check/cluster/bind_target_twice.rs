//! Two binds of a container have the same path inside it.
//!
//! # Why
//! docker and podman refuse such a container with "duplicate mount point": it never starts.
//!
//! # Fix
//! Give each bind, and each `tmpfs`, a path of its own.

use std::collections::BTreeMap;

use super::containers;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "bind-target-twice", source: include_str!("bind_target_twice.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for container in containers(facts) {
        let name = &container.name.value;
        let mut taken = BTreeMap::new();
        for path in &container.tmpfs {
            taken.insert(path.as_str(), (container.name.span, "a `tmpfs` is there"));
        }
        for bind in &container.binds {
            let here = (bind.from.span, "bound there as well");
            let Some((place, label)) = taken.insert(bind.to.as_str(), here) else { continue };
            let title = format!("two mounts of container `{name}` are at {}", bind.to);
            diags.report(
                Diagnostic::error(CHECK.code, bind.from.span, title, "the path inside is taken")
                    .related(place, label)
                    .help("give one of them another `to`, or remove it"),
            );
        }
    }
}
