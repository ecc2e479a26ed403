//! A unit runs an image that nobody keeps any more.
//!
//! # Why
//! It gets no fixes, and registries drop such images: some were pushed in a format that today's docker refuses to pull.
//! A machine that has to be replaced then cannot start its member.
//!
//! # Fix
//! Run the image of the project itself, or let cfgbuild run the service: `etcd:`, `zookeeper:` and `kafka:` of the
//! profile.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-image-abandoned",
    source: include_str!("container_image_abandoned.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for run in facts.raw.runs() {
        let Some((why, instead)) = run.known.and_then(|known| known.abandoned) else { continue };
        let title = format!("nobody keeps image `{}` any more", run.image);
        diags.report_once(
            Diagnostic::error(CHECK.code, run.image_span(facts), title, why)
                .help(format!("use {instead}")),
        );
    }
}
