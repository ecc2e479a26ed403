//! Two images of different registries have one reference at the mirror.
//!
//! # Why
//! The mirror's references keep an image's path and leave out its registry, so `docker.io/a/b:1` and `quay.io/a/b:1`
//! become the same, and both containers run whichever of the two was pushed there.
//!
//! # Fix
//! Give one of the registries a path of its own, and push its images there:
//! `registry.prefixes: { quay.io: quay.io }`.

use std::collections::BTreeMap;

use super::containers;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "registry-images-clash", source: include_str!("registry_images_clash.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let Some(registry) = &facts.role.registry else { return };
    let mut taken = BTreeMap::new();
    for container in containers(facts) {
        let image = &container.image;
        let (here, source) = (registry.pulled(&image.value), image.value.whole_repository());
        let (other, first) = taken.entry(here.to_string()).or_insert((source.clone(), image));
        if *other == source {
            continue;
        }
        let title = format!(
            "images `{}` and `{}` are both `{here}` at the mirror",
            first.value, image.value
        );
        let host = source.split('/').next().unwrap_or_default();
        let help =
            format!("set `registry.prefixes: {{ {host}: {host} }}`, and push the image there");
        diags.report(
            Diagnostic::error(CHECK.code, image.span, title, "pulled as the other one")
                .related(first.span, "the other one")
                .related(registry.host.span, "the mirror")
                .help(help),
        );
    }
}
