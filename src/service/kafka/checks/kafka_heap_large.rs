//! The heap of a broker is larger than 6 GiB.
//!
//! # Why
//! A broker keeps little on its heap: the messages are in the kernel's page cache, which is what the heap leaves of the
//! memory. A large heap takes that away and makes collections longer; brokers with thousands of partitions run on 6
//! GiB.
//!
//! # Fix
//! Set `kafka.heap` to 6GiB or less, and leave at least half of the machine's memory to the page cache.

use super::super::broker::Kafka;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::source::Edit;

/// Most MiB a broker makes use of.
const MOST: u64 = 6 * 1024;

pub(super) const CHECK: Check =
    Check { code: "kafka-heap-large", source: include_str!("kafka_heap_large.rs"), run };

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::of(seen) else { return };
    let heap = &kafka.heap_mib;
    if heap.value <= MOST {
        return;
    }
    let title = format!("kafka's heap of {} MiB takes memory from the page cache", heap.value);
    diags.report(
        Diagnostic::warning(CHECK.code, heap.span, title, "more than 6 GiB")
            .help(format!("set `{}.heap` to 6GiB", kafka.path))
            .edit(Edit::write(heap.span, "6GiB")),
    );
}
