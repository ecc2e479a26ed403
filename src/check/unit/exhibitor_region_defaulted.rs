//! Exhibitor is given a bucket and no region.
//!
//! # Why
//! The image silently takes us-west-2: with a bucket anywhere else the shared configuration is never found, and each
//! member stays alone.
//!
//! # Fix
//! Add `-e AWS_REGION=` with the bucket's region.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::contract::Companion;

pub(super) const CHECK: Check = Check {
    code: "exhibitor-region-defaulted",
    source: include_str!("exhibitor_region_defaulted.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs() {
        let Some(known) = Known::run(&run) else { continue };
        for Companion { variable, needs, title, help } in known.contract.companions {
            let Some(variable) = run.call.variable(variable) else { continue };
            if run.call.passes(needs) {
                continue;
            }
            let span = run.span(view.sources, &variable.at);
            let label = format!("no `{needs}` beside it");
            diags.report_once(Diagnostic::warning(CHECK.code, span, *title, label).help(*help));
        }
    }
}
