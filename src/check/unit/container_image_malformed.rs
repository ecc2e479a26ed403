//! A `run` of docker or podman names no image, or something that cannot be one.
//!
//! # Why
//! The client ends before anything is pulled. A repository is lower case; a flag that has lost its value, or one behind
//! a dash that a text processor made longer, takes the place of the image.
//!
//! # Fix
//! Write the image as the registry has it: `registry/name:tag`, or `name@sha256:…`.

use super::refused;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::MisreadKind;

pub(super) const CHECK: Check = Check {
    code: "container-image-malformed",
    source: include_str!("container_image_malformed.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    refused::each(view, |refused| {
        if refused.misread.kind != MisreadKind::Image {
            return;
        }
        let (called, written) = (refused.called(), &refused.misread.written);
        let (title, help) = match (&refused.misread.meant, written.as_str()) {
            (_, "") => {
                let title = format!("`{called}` names no image");
                (title, "write the image behind the flags".to_owned())
            }
            (Some(meant), _) => (format!("`{written}` is no image"), format!("write `{meant}`")),
            (None, _) => (
                format!("`{written}` is no image"),
                "write `registry/name:tag`, the repository in lower case".to_owned(),
            ),
        };
        refused.report(
            diags,
            Diagnostic::error(CHECK.code, refused.span(), title, &refused.misread.said),
            &help,
        );
    });
}
