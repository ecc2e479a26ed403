//! A JVM is left to choose its own heap.
//!
//! # Why
//! Without a word a JVM takes a quarter of the machine's memory or, as Kafka's scripts say, 1 GiB, whatever the
//! machine: too much beside others, or far too little for the load. What is left of the memory is the page cache a
//! broker lives on.
//!
//! # Fix
//! Set the heap, and for an image without such a variable the container's `--memory`.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::contract::Memory;

pub(super) const CHECK: Check =
    Check { code: "container-heap-unset", source: include_str!("container_heap_unset.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs().filter(|run| !run.unit.is_oneshot()) {
        let Some(known) = Known::run(&run) else { continue };
        let (is_set, flags, why) = match known.image.memory {
            Memory::Unknown => continue,
            Memory::Heap(variables) => (
                variables.iter().any(|variable| run.call.passes(variable)),
                format!("-e {}=-Xmx2g", variables.first().unwrap_or(&"")),
                "with the heap the machine can spare",
            ),
            Memory::Limit => (
                run.call.values("memory").next().is_some(),
                "--memory 2g".to_owned(),
                "with what the machine can spare",
            ),
        };
        if is_set {
            continue;
        }
        let title = format!("nobody says how much memory {} may take", known.name());
        let label = known.contract.memory_unset;
        diags.report_once(
            Diagnostic::warning(CHECK.code, run.image_span(view.sources), title, label)
                .help(format!("add `{flags}`, {why}"))
                .edit(run.add_flags(view.sources, &flags)),
        );
    }
}
