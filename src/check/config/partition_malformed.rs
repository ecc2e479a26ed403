//! A partition has no number and no label, or a label or type that a GPT cannot hold.
//!
//! # Why
//! Ignition refuses such a config, and the machine does not boot.
//!
//! # Fix
//! Give it a `label` of at most 36 characters without `:`, or a `number`. A `type_guid` is 32 hexadecimal digits in
//! groups of 8, 4, 4, 4 and 12.

use super::view::{Check, Config};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::is_guid;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "partition-malformed", source: include_str!("partition_malformed.rs"), run };

fn run(config: &Config<'_>, diags: &mut Diagnostics) {
    for disk in config.disks {
        let device = &disk.device;
        for partition in &disk.partitions {
            let Some(label) = &partition.label else {
                if partition.number == 0 {
                    let title =
                        format!("a partition of {} has no number and no label", device.value);
                    diags.report(
                        Diagnostic::error(
                            CHECK.code,
                            device.span,
                            title,
                            "cannot be told from others",
                        )
                        .help("set its `label`, or its `number`"),
                    );
                }
                continue;
            };
            if label.value.len() > 36 || label.value.contains(':') {
                let title = format!("`{}` cannot be the label of a partition", label.value);
                let why =
                    if label.value.contains(':') { "has a `:`" } else { "longer than 36 bytes" };
                diags.report(
                    Diagnostic::error(CHECK.code, label.span, title, why)
                        .help("use at most 36 characters, and no `:`"),
                );
            }
        }
        let types = disk.partitions.iter().filter_map(|partition| partition.type_guid.as_ref());
        for guid in types.filter(|guid| !guid.value.is_empty() && !is_guid(&guid.value)) {
            let title = format!("`{}` is not the GUID of a partition type", guid.value);
            diags.report(
                Diagnostic::error(CHECK.code, guid.span, title, "not 8-4-4-4-12 hexadecimal digits")
                    .help("leave it out for Linux, or write one such as `0FC63DAF-8483-4772-8E79-3D69D8477DE4`")
                    .edit(Edit::remove(guid.span)),
            );
        }
    }
}
