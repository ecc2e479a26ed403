//! A JVM is left to choose its own heap.
//!
//! # Why
//! Without a word a JVM takes a quarter of the machine's memory or, as Kafka's scripts say, 1 GiB, whatever the machine:
//! too much beside others, or far too little for the load. What is left of the memory is the page cache a broker lives
//! on.
//!
//! # Fix
//! Set the heap, and for an image without such a variable the container's `--memory`.

use super::images::Service;
use super::kafka::is_passed;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "container-heap-unset", source: include_str!("container_heap_unset.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for run in facts.raw.runs().filter(|run| !run.unit.is_oneshot()) {
        let Some(known) = run.known else { continue };
        let is_set = match known.heap {
            Some(variable) => {
                is_passed(run.call, variable) || is_passed(run.call, "ZK_SERVER_HEAP")
            }
            None => {
                known.service != Service::Exhibitor || run.call.values("memory").next().is_some()
            }
        };
        if is_set {
            continue;
        }
        let title = format!("nobody says how much memory {} may take", known.name());
        let label = if known.service == Service::Kafka {
            "1 GiB of heap, whatever the machine"
        } else {
            "each JVM takes a quarter of the machine's memory"
        };
        let (flags, why) = match known.heap {
            Some(variable) => {
                (format!("-e {variable}=-Xmx2g"), "with the heap the machine can spare")
            }
            None => ("--memory 2g".to_owned(), "with what the machine can spare"),
        };
        diags.report_once(
            Diagnostic::warning(CHECK.code, run.image_span(facts), title, label)
                .help(format!("add `{flags}`, {why}"))
                .edit(run.add_flags(facts, &flags)),
        );
    }
}
