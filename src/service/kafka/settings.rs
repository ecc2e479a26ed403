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

/// Lays the profile's own properties on top.
pub(super) fn overlay<'a>(settings: &mut Settings<'a>, kafka: &'a Kafka, position: usize) {
    for (name, value) in &kafka.config {
        let setting = Setting { value: value.value.on(position).clone(), span: value.span };
        settings.insert(name, setting);
    }
}
