//! An image has no tag, or the tag `latest`.
//!
//! # Why
//! Such a reference names whatever is newest when a machine pulls it: two nodes of one cluster run different versions,
//! and a node that is replaced comes back as something else.
//!
//! # Fix
//! Name a version, or better a digest: `image: registry.example.net/name:1.2.3@sha256:…`.

use super::containers;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "image-tag-floating", source: include_str!("image_tag_floating.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for container in containers(facts) {
        let image = &container.image.value;
        if image.digest.is_some() || image.tag.as_deref().is_some_and(|tag| tag != "latest") {
            continue;
        }
        let title = format!("image `{image}` names no version");
        diags.report(
            Diagnostic::error(
                CHECK.code,
                container.image.span,
                title,
                "whatever is newest when it is pulled",
            )
            .help(format!("name a version: `{}:1.2.3`", image.repository)),
        );
    }
}
