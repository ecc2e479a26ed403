//! A unit runs an image that nobody keeps any more.
//!
//! # Why
//! It gets no fixes, and registries drop such images: some were pushed in a format that today's docker refuses to pull.
//! A machine that has to be replaced then cannot start its member.
//!
//! # Fix
//! Run the image of the project itself, or let cfgbuild run the service: `etcd:`, `zookeeper:` and `kafka:` of the
//! profile.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-image-abandoned",
    source: include_str!("container_image_abandoned.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs() {
        let Some(gone) = Known::run(&run).and_then(|known| known.image.gone) else { continue };
        let title = format!("nobody keeps image `{}` any more", run.image);
        diags.report_once(
            Diagnostic::error(CHECK.code, run.image_span(view.sources), title, gone.why)
                .help(format!("use {}", gone.advice())),
        );
    }
}
