//! Two partitions of a disk have the same number or label, or overlap.
//!
//! # Why
//! Ignition refuses such a config, and the machine does not boot.
//!
//! # Fix
//! Give each partition a number and a label of its own. Leave `start_mib` out: partitions then follow each other.

use std::collections::BTreeMap;

use super::view::{Check, Config};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::{Disk, Partition};
use crate::source::Span;

pub(super) const CHECK: Check =
    Check { code: "partition-clash", source: include_str!("partition_clash.rs"), run };

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    for disk in config.disks {
        let mut taken: BTreeMap<String, Span> = BTreeMap::new();
        for partition in &disk.partitions {
            let place = place(disk, partition);
            let label = partition.label.as_ref().map(|label| format!("label `{}`", label.value));
            let number = (partition.number > 0).then(|| format!("number {}", partition.number));
            for claim in [number, label].into_iter().flatten() {
                let first = taken.insert(claim.clone(), place);
                let Some(first) = first else { continue };
                let title = format!("two partitions of {} have the {claim}", disk.device.value);
                diags.report(
                    Diagnostic::error(CHECK.code, place, title, "already taken")
                        .related(first, "taken here")
                        .help("give one of them another, or leave it out"),
                );
            }
        }
        overlaps(config, disk, diags);
    }
}

/// Reports partitions that begin before the one in front of them ends.
fn overlaps(config: &Config<'_>, disk: &Disk, diags: &mut Diagnostics) {
    let range = |partition: &Partition| {
        let (start, size) = (partition.start_mib?, partition.size_mib?);
        // of what fills the rest of the disk only its start is known
        (start > 0).then(|| (start, start.saturating_add(size.max(1)), place(disk, partition)))
    };
    let mut ranges: Vec<(u64, u64, Span)> = disk.partitions.iter().filter_map(range).collect();
    ranges.sort_by_key(|(start, ..)| *start);
    for (before, after) in ranges.iter().zip(ranges.iter().skip(1)) {
        let ((_, end, first), (start, _, second)) = (before, after);
        if start >= end {
            continue;
        }
        let title =
            format!("a partition of {} starts at {start} MiB, inside another", disk.device.value);
        diags.report(
            Diagnostic::error(CHECK.code, *second, title, format!("starts before {end} MiB"))
                .related(*first, format!("ends at {end} MiB"))
                .help({
                    let key = config.key("start_mib", "startMiB");
                    format!("set its `{key}` to {end}, or leave it out")
                }),
        );
    }
}

fn place(disk: &Disk, partition: &Partition) -> Span {
    partition.label.as_ref().map_or(disk.device.span, |label| label.span)
}
