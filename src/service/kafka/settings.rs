//! A broker's properties: what cfgbuild derives, with the profile's own on top.

use std::collections::BTreeMap;

use super::super::member::Member;
use super::broker::{Kafka, LOG_DIRS};
use crate::model::{HostFact, Text};
use crate::platform;
use crate::source::Span;

/// A property of one broker.
pub(super) struct Setting {
    pub(super) value: Text,
    /// Where it is written, or the service's section.
    pub(super) span: Span,
}

/// Properties by name.
pub(super) type Settings<'a> = BTreeMap<&'a str, Setting>;

/// Factors and the in-sync minimum that belongs to each, named as brokers name them.
pub(super) const REPLICATED: [(&str, Option<&str>); 4] = [
    ("default.replication.factor", Some("min.insync.replicas")),
    ("offsets.topic.replication.factor", None),
    ("transaction.state.log.replication.factor", Some("transaction.state.log.min.isr")),
    (
        "share.coordinator.state.topic.replication.factor",
        Some("share.coordinator.state.topic.min.isr"),
    ),
];

/// Returns the number a property has on the node at `position`, if the profile sets one.
pub(super) fn number(kafka: &Kafka, name: &str, position: usize) -> Option<u32> {
    kafka.config.get(name)?.value.on(position).plain()?.trim().parse().ok()
}

/// Returns the factor a broker uses: the profile's, or three, or as many as there are brokers.
pub(super) fn factor(kafka: &Kafka, name: &str, brokers: usize, position: usize) -> u32 {
    let most = if brokers >= 3 { 3 } else { u32::try_from(brokers).unwrap_or(3).max(1) };
    number(kafka, name, position).unwrap_or(most)
}

/// Returns the in-sync minimum a broker uses: the profile's, or one less than a factor of three or more.
pub(super) fn minimum(kafka: &Kafka, name: &str, factor: u32, position: usize) -> u32 {
    number(kafka, name, position).unwrap_or(if factor >= 3 { 2 } else { 1 })
}

/// Returns what holds in either mode, before the profile's own.
pub(super) fn common<'a>(kafka: &'a Kafka, member: Member<'_>) -> Settings<'a> {
    let mut settings = Settings::new();
    let mut set = |name, value| settings.insert(name, Setting { value, span: kafka.span });
    let (brokers, position) = (member.role.nodes.len(), member.position);
    for (name, in_sync) in REPLICATED {
        let factor = factor(kafka, name, brokers, position);
        set(name, Text::literal(factor.to_string()));
        if let Some(in_sync) = in_sync {
            let minimum = minimum(kafka, in_sync, factor, position);
            set(in_sync, Text::literal(minimum.to_string()));
        }
    }
    set("auto.create.topics.enable", Text::literal("false"));
    set("unclean.leader.election.enable", Text::literal("false"));
    set("log.dirs", Text::literal(LOG_DIRS));
    if let Some(rack) = rack(member) {
        set("broker.rack", rack);
    }
    settings
}

/// Returns the zone of a node: the platform's own name, which clients have too; else the profile's.
fn rack(member: Member<'_>) -> Option<Text> {
    if platform::of(member.role.target.platform.value).knows(HostFact::Zone) {
        return Some(Text::host(HostFact::Zone));
    }
    let zone = member.node.zone.as_ref().filter(|_| member.pinned())?;
    Some(Text::literal(zone.value.as_str()))
}

/// Settings that brokers read at their start alone, with the finer one that they take while they run, and how many of
/// its milliseconds they count; the later ones of a kind give way to the earlier.
pub(super) const COARSE: [(&str, &str, i64); 4] = [
    ("log.retention.minutes", "log.retention.ms", 60_000),
    ("log.retention.hours", "log.retention.ms", 3_600_000),
    ("log.roll.hours", "log.roll.ms", 3_600_000),
    ("log.roll.jitter.hours", "log.roll.jitter.ms", 3_600_000),
];

/// Returns the setting that a coarse one is not read beside, if the profile sets it.
pub(super) fn finer<'a>(kafka: &'a Kafka, name: &str) -> Option<(&'static str, &'a Span)> {
    let at = COARSE.iter().position(|(coarse, ..)| *coarse == name)?;
    let (_, fine, _) = COARSE.get(at)?;
    let earlier = COARSE.iter().take(at).filter(|(_, other, _)| other == fine).map(|it| it.0);
    [*fine].into_iter().chain(earlier).find_map(|it| Some((it, &kafka.config.get(it)?.span)))
}

/// Lays the profile's own properties on top; hours become milliseconds, which a broker takes without a start.
pub(super) fn overlay<'a>(settings: &mut Settings<'a>, kafka: &'a Kafka, position: usize) {
    for (name, value) in &kafka.config {
        let (text, span) = (value.value.on(position), value.span);
        if finer(kafka, name).is_some() {
            continue;
        }
        let fine = COARSE.iter().find(|(coarse, ..)| coarse == name).and_then(|(_, fine, each)| {
            let number: i64 = text.plain()?.trim().parse().ok()?;
            let whole = if number < 0 { number } else { number.checked_mul(*each)? };
            Some((*fine, Text::literal(whole.to_string())))
        });
        let (name, value) = fine.unwrap_or((name, text.clone()));
        settings.insert(name, Setting { value, span });
    }
}
