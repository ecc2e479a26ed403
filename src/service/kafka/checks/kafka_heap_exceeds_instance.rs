//! The heap of a broker does not leave the instance enough memory.
//!
//! # Why
//! The heap is taken from the machine's memory when the broker starts: where it is larger, the kernel kills the broker.
//! Where it is more than half, too little is left for the page cache, from which consumers are served, and for the
//! other services of the machine.
//!
//! # Fix
//! Take half of the memory or less, or a larger `aws.instance_type`.

use super::super::broker::Kafka;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::platform::{self, Memory};
use crate::service::kind::{Check, Seen};
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "kafka-heap-exceeds-instance",
    source: include_str!("kafka_heap_exceeds_instance.rs"),
    run,
};

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let platform = platform::of(seen.role.target.platform.value);
    let (Some(kafka), Some(known)) = (Kafka::of(seen), (platform.memory)(seen.role)) else {
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
            .help(format!("set `{}.heap` to {half}, or take a larger `{key}`", kafka.path))
            .edit(Edit::write(heap.span, half)),
    );
}
