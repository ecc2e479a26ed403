//! The heap of a broker does not leave the instance enough memory.
//!
//! # Why
//! The heap is taken from the machine's memory when the broker starts: where it is larger, the kernel kills the broker.
//! Where it is more than half, too little is left for the page cache, from which consumers are served, and for the
//! other services of the machine.
//!
//! # Fix
//! Take half of the memory or less, or a larger `aws.instance_type`.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::platform::{self, Memory};
use crate::service::kafka::Kafka;
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "kafka-heap-exceeds-instance",
    source: include_str!("kafka_heap_exceeds_instance.rs"),
    run,
};

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let platform = platform::of(facts.cluster.target.platform.value);
    let services = facts.services.all.iter();
    let mut found = services.filter_map(|one| one.service.as_any().downcast_ref::<Kafka>());
    let (Some(kafka), Some(known)) = (found.next(), (platform.memory)(facts.cluster)) else {
        return;
    };
    let (heap, Memory { mib: memory, of: instance, key }) = (&kafka.heap_mib, known);
    if heap.value <= memory / 2 {
        return;
    }
    let (mib, name) = (heap.value, &instance.value);
    let found = if mib >= memory {
        let title =
            format!("kafka's heap of {mib} MiB leaves nothing of the {memory} MiB of `{name}`");
        Diagnostic::error(CHECK.code, heap.span, title, "killed when it is used")
    } else {
        let title =
            format!("kafka's heap of {mib} MiB is more than half of the {memory} MiB of `{name}`");
        Diagnostic::warning(CHECK.code, heap.span, title, "too little is left for the page cache")
    };
    let half = format!("{}MiB", memory / 2);
    diags.report(
        found
            .related(instance.span, format!("{memory} MiB of memory"))
            .help(format!("set `kafka.heap` to {half}, or take a larger `{key}`"))
            .edit(Edit::write(heap.span, half)),
    );
}
