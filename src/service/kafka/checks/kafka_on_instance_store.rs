//! Kafka's messages are on disks that go with the instance.
//!
//! An error where something has fewer than three copies, a warning otherwise.
//!
//! # Why
//! Such disks are fast, and empty after a stop, a replacement or a failed host. What had its only copies there is lost.
//! With three copies in three zones it is fetched again from the other brokers, which takes hours of full network for a
//! large broker; until then one more failure loses it.
//!
//! # Fix
//! Use an EBS volume with `keep: true`, or have three copies of everything, replace one broker at a time, and allow the
//! finding with that reason.

use super::super::broker::Kafka;
use super::replicated::replicated;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::VolumeSource;
use crate::service::kind::{Check, Seen};
use crate::source::Edit;

pub(super) const CHECK: Check = Check {
    code: "kafka-on-instance-store",
    source: include_str!("kafka_on_instance_store.rs"),
    run,
};

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::brokers(seen) else { return };
    let Some(named) = &kafka.volume else { return };
    let Some(volume) = seen.role.volume(&named.value) else { return };
    let VolumeSource::InstanceStore(store) = &volume.source else { return };
    let copies = replicated(seen.role, kafka);
    let fewest = copies.iter().min_by_key(|kept| kept.factor.value);
    let found = if let Some(kept) = fewest.filter(|kept| kept.factor.value < 3) {
        let instances = instances(kept.factor.value);
        let title = format!("{} is lost with the disks of {instances}", kept.what);
        let found = Diagnostic::error(CHECK.code, named.span, title, "lost with the instances");
        match kept.factor.span {
            Some(span) => found.related(span, "fewer than three copies"),
            None => found,
        }
    } else {
        let title = "kafka keeps its messages on disks that are empty after a replacement";
        let label = "fetched again from the other brokers each time";
        Diagnostic::warning(CHECK.code, named.span, title, label)
    };
    let name = &volume.name.value;
    let ebs = "{ size: 500GiB, keep: true }";
    diags.report(
        found
            .related(store.at, "disks of the instance")
            .help(format!("replace `instance_store` of `volumes.{name}` by `ebs: {ebs}`"))
            .edit(Edit::remove_inside(volume.name.span, "instance_store"))
            .edit(Edit::set_inside(volume.name.span, "ebs", ebs))
            .choice(),
    );
}

fn instances(count: u32) -> String {
    if count == 1 { "one instance".to_owned() } else { format!("{count} instances") }
}
