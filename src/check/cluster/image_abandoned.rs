//! An image is no longer maintained, or no longer there.
//!
//! # Why
//! These names went dark: thefactory's in 2015, wurstmeister's in 2024, Bitnami's in 2025, when versioned tags moved to
//! `bitnamilegacy` and get no fixes. A machine that is replaced cannot pull what is gone, and what is still there is
//! not patched. Their environment variables are others than those of the images that took their place.
//!
//! # Fix
//! Use the project's own image: the help names it. If you keep a copy in a registry of your own, name that registry.

use super::containers;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::catalogue::contracts;

pub(super) const CHECK: Check =
    Check { code: "image-abandoned", source: include_str!("image_abandoned.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for container in containers(facts) {
        let image = &container.image.value;
        let name = image.repository.strip_prefix("docker.io/").unwrap_or(&image.repository);
        let Some((owner, rest)) = name.split_once('/') else { continue };
        if !is_gone(owner) {
            continue;
        }
        let title = format!("image `{image}` is abandoned");
        let successors = contracts().flat_map(|contract| contract.successors);
        let successor = successors.into_iter().find(|(word, _)| rest.contains(word));
        let help = match successor {
            Some((_, successor)) => format!("use `{successor}`, and its environment variables"),
            None => format!("use the image that the project `{rest}` publishes itself"),
        };
        let label = format!("`{owner}` publishes no maintained images");
        diags.report(Diagnostic::error(CHECK.code, container.image.span, title, label).help(help));
    }
}

/// Returns whether the images of an owner on Docker Hub are gone or frozen.
fn is_gone(owner: &str) -> bool {
    let gone =
        contracts().flat_map(|contract| contract.images).filter(|image| image.gone.is_some());
    gone.into_iter()
        .any(|image| image.repository.split_once('/').is_some_and(|(known, _)| known == owner))
}
