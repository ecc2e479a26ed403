//! What the services of a machine reserve is more memory than it has.
//!
//! # Why
//! A JVM takes its heap at its start, and grows to what it may have outside of it. Where the sum is more than the
//! machine has, the kernel kills one of them, at a moment of its own choosing; each of them alone would have fitted.
//!
//! # Fix
//! Smaller heaps, a larger machine, or services on machines of their own.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::platform::{self, Memory};

pub(super) const CHECK: Check =
    Check { code: "memory-overcommitted", source: include_str!("memory_overcommitted.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let platform = platform::of(facts.role.target.platform.value);
    let Some(Memory { mib: memory, of: instance, key }) = (platform.memory)(facts.role) else {
        return;
    };
    let reserved: Vec<_> = facts.services.reserved().collect();
    let sum = reserved.iter().fold(0_u64, |sum, one| sum.saturating_add(one.mib.value));
    // one that is too large by itself has a finding of its own
    let alone = reserved.iter().any(|one| one.mib.value >= memory);
    let Some(first) = reserved.iter().max_by_key(|one| one.mib.value) else { return };
    if sum < memory || alone || reserved.len() < 2 {
        return;
    }
    let all: Vec<String> =
        reserved.iter().map(|one| format!("{} MiB for {}", one.mib.value, one.what)).collect();
    let title =
        format!("{} are {sum} MiB of the {memory} MiB of `{}`", all.join(" and "), instance.value);
    let mut found = Diagnostic::error(
        CHECK.code,
        first.mib.span,
        title,
        "one of them is killed when they use it",
    );
    for other in reserved.iter().filter(|one| one.mib.span != first.mib.span) {
        found = found.related(other.mib.span, other.what.clone());
    }
    diags.report(
        found
            .related(instance.span, format!("{memory} MiB of memory"))
            .help(format!("take less of each, or a larger `{key}`")),
    );
}
