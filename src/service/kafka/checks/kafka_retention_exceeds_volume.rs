//! What topics may keep by size is more than the volume of a broker holds.
//!
//! # Why
//! A broker deletes what is older or more than it is told, and writes until then. A full disk takes its log directory
//! away, and with all of them the broker; it does not come back before somebody makes room.
//!
//! # Fix
//! A larger `ebs.size`, or less `retention.bytes`: it counts for each partition, and a segment more is on the disk
//! while it is written. Topics that are kept by time alone are not counted, for nobody knows here how much comes in.

use super::super::broker::Kafka;
use super::super::known;
use super::super::tables::TOPIC;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::VolumeSource;
use crate::service::kind::{Check, Seen};
use crate::source::Span;

pub(super) const CHECK: Check = Check {
    code: "kafka-retention-exceeds-volume",
    source: include_str!("kafka_retention_exceeds_volume.rs"),
    run,
};

/// The most GiB of an EBS volume, of the type that has most.
const LARGEST: f64 = 65_536.0;

const GIB: f64 = 1_073_741_824.0;

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::brokers(seen) else { return };
    let Some(name) = &kafka.volume else { return };
    let volume = seen.role.volumes.iter().find(|volume| volume.name.value == name.value);
    let Some(VolumeSource::Ebs(ebs)) = volume.map(|volume| &volume.source) else { return };
    let brokers = known::brokers(kafka);
    let of_brokers = |name: &str| brokers.number(&kafka.config, name, 0);
    let said = |name: &str| kafka.config.get(name).map(|value| value.span);
    // each byte count with the place that says so
    let compact = |policy: Option<&str>| policy.is_some_and(|it| it.trim() == "compact");
    let policy = kafka.config.get("log.cleanup.policy");
    let policy = policy.and_then(|value| value.value.on(0).plain());
    // what is compacted alone is not deleted by size
    let kept = of_brokers("log.retention.bytes").zip(said("log.retention.bytes"));
    let kept = kept.filter(|_| !compact(policy));
    let segment = of_brokers("log.segment.bytes").unwrap_or_default();
    let mut places: Vec<Span> = Vec::new();
    let mut bytes = 0.0;
    for topic in &kafka.topics {
        let own = |name: &str| {
            let value = topic.config.get(name)?;
            Some((TOPIC.all(name).last()?.number(&value.value)?, value.span))
        };
        let own_policy = topic.config.get("cleanup.policy").map(|it| it.value.as_str());
        let compacted = compact(own_policy.or(policy));
        let Some((most, place)) = own("retention.bytes").or(kept) else { continue };
        if most < 0.0 || compacted {
            continue;
        }
        let segment = own("segment.bytes").map_or(segment, |(segment, _)| segment);
        let copies = f64::from(topic.partitions.value) * f64::from(topic.replication_factor.value);
        bytes += (most + segment) * copies;
        places.push(place);
    }
    let per_broker = bytes / number(seen.role.nodes.len().max(1));
    // one partition is on some broker, whatever topics there are
    let one = kept.filter(|(most, _)| *most > 0.0).map(|(most, place)| (most + segment, place));
    let (needed, place) = match (places.first(), one) {
        (Some(place), Some((most, _))) if per_broker >= most => (per_broker, *place),
        (Some(place), None) => (per_broker, *place),
        (_, Some((most, place))) => (most, place),
        (None, None) => return,
    };
    let size = ebs.size_gib.value;
    let needed = (needed / GIB).ceil();
    if needed <= number(size) {
        return;
    }
    let title = format!("a broker may keep {needed} GiB by size, on a volume of {size} GiB");
    let mut found = Diagnostic::warning(CHECK.code, place, title, "counts for each partition")
        .related(ebs.size_gib.span, "the volume of each broker");
    places.dedup();
    for other in places.into_iter().filter(|other| *other != place).take(4) {
        found = found.related(other, "and this");
    }
    let help = if needed < LARGEST {
        format!("keep less, or set `volumes.{}.ebs.size` to more than {needed}GiB", name.value)
    } else {
        "keep less: no EBS volume is so large".to_owned()
    };
    diags.report(found.help(help));
}

/// Returns a count as what is reckoned with; none is too large for it.
fn number(count: impl TryInto<u32>) -> f64 {
    f64::from(count.try_into().unwrap_or(u32::MAX))
}
