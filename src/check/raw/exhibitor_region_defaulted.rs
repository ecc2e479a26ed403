//! Exhibitor is given a bucket and no region.
//!
//! # Why
//! The image silently takes us-west-2: with a bucket anywhere else the shared configuration is never found, and each
//! member stays alone.
//!
//! # Fix
//! Add `-e AWS_REGION=` with the bucket's region.

use super::images::Service;
use super::kafka::is_passed;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "exhibitor-region-defaulted",
    source: include_str!("exhibitor_region_defaulted.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for run in facts.raw.runs() {
        let is_exhibitor = run.known.is_some_and(|known| known.service == Service::Exhibitor);
        let Some(bucket) = run.call.variable("S3_BUCKET").filter(|_| is_exhibitor) else {
            continue;
        };
        if is_passed(run.call, "AWS_REGION") {
            continue;
        }
        let title = "Exhibitor looks for its bucket in us-west-2";
        let span = run.span(facts, &bucket.at);
        diags.report_once(
            Diagnostic::warning(CHECK.code, span, title, "no `AWS_REGION` beside it")
                .help("add `-e AWS_REGION=` with the region of the bucket"),
        );
    }
}
