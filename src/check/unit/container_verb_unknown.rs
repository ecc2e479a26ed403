//! A unit calls docker or podman with a verb that they do not have.
//!
//! # Why
//! The client ends at once and nothing runs. Known are the verbs of docker 20 to 29 and of podman 4 and 5; one that is
//! like none of docker's may be that of a plug-in, and is a warning.
//!
//! # Fix
//! Write the verb that is meant, or install the plug-in that brings it.

use super::refused;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::MisreadKind;

pub(super) const CHECK: Check = Check {
    code: "container-verb-unknown",
    source: include_str!("container_verb_unknown.rs"),
    run,
};

/// Plug-ins that docker is installed with, or that its desktop brings.
const PLUGINS: &[&str] = &[
    "ai",
    "app",
    "buildx",
    "cloud",
    "compose",
    "debug",
    "desktop",
    "dev",
    "extension",
    "init",
    "mcp",
    "model",
    "offload",
    "sandbox",
    "sbom",
    "scan",
    "scout",
];

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    refused::each(view, |refused| {
        let misread = refused.misread;
        let written = misread.written.as_str();
        let is_dockers = refused.call.client == "docker";
        if misread.kind != MisreadKind::Verb || is_dockers && PLUGINS.contains(&written) {
            return;
        }
        let title = format!("{} has no verb `{written}`", refused.call.client);
        let (span, said) = (refused.span(), &misread.said);
        if let Some(meant) = &misread.meant {
            let found = Diagnostic::error(CHECK.code, span, title, said);
            refused.report(diags, found, &format!("write `{meant}`"));
            return;
        }
        let found = if is_dockers {
            Diagnostic::warning(CHECK.code, span, title, said)
        } else {
            Diagnostic::error(CHECK.code, span, title, said)
        };
        let help = format!("remove it: {} have none of this name", refused.versions());
        refused.report(diags, found, &help);
    });
}
