//! Replicas against brokers, and in-sync minima against replicas.

use super::broker::{Kafka, Topic};
use super::settings::{REPLICATED, factor, minimum, number};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::source::{Edit, Span};

/// Reports factors no cluster of this size can hold, and minima no topic can reach.
pub(super) fn validate(kafka: &Kafka, role: &Role, diags: &mut Diagnostics) {
    let brokers = role.nodes.len();
    let counted = role.nodes.last().map_or(kafka.span, |node| node.name.span);
    for topic in &kafka.topics {
        let replication = &topic.replication_factor;
        too_many(
            topic.name.value.as_str(),
            replication.value,
            replication.span,
            brokers,
            counted,
            diags,
        );
        topic_minimum(topic, kafka, brokers, diags);
    }
    for position in 0..brokers {
        for (name, in_sync) in REPLICATED {
            let factor = factor(kafka, name, brokers, position);
            if let Some(written) = kafka.config.get(name) {
                too_many(name, factor, written.span, brokers, counted, diags);
            }
            if let Some(in_sync) = in_sync {
                broker_minimum(kafka, (name, factor), in_sync, position, diags);
            }
        }
    }
}

fn too_many(
    what: &str,
    factor: u32,
    span: Span,
    brokers: usize,
    counted: Span,
    diags: &mut Diagnostics,
) {
    if factor as usize <= brokers {
        return;
    }
    let plural = if brokers == 1 { "broker" } else { "brokers" };
    diags.report(
        Diagnostic::error(
            "kafka-replication-exceeds-brokers",
            span,
            format!("replication factor {factor} of `{what}` exceeds the {brokers} {plural}"),
            format!("needs at least {factor} brokers"),
        )
        .related(counted, format!("only {brokers} declared here"))
        .help(format!("raise `cluster.nodes` to {factor}, or lower the factor to {brokers}"))
        .edit(Edit::write(span, brokers.to_string())),
    );
}

fn topic_minimum(topic: &Topic, kafka: &Kafka, brokers: usize, diags: &mut Diagnostics) {
    const NAME: &str = "min.insync.replicas";
    let own = topic.config.get(NAME);
    let own_number = own.and_then(|own| own.value.trim().parse::<u32>().ok());
    let inherited =
        || minimum(kafka, NAME, factor(kafka, "default.replication.factor", brokers, 0), 0);
    let (wanted, held) = (own_number.unwrap_or_else(inherited), &topic.replication_factor);
    if wanted <= held.value {
        return;
    }
    let (name, replicas) = (&topic.name.value, held.value);
    let title = format!("topic `{name}` wants {wanted} replicas in sync and has {replicas}");
    let label = format!("no write with acks=all can succeed on {replicas}");
    let mut found = Diagnostic::error("kafka-min-isr-exceeds-replication", held.span, title, label);
    let source = own.map(|own| own.span).or(kafka.config.get(NAME).map(|written| written.span));
    if let Some(span) = source {
        found = found.related(span, format!("{wanted} are wanted here"));
    }
    let edit = Edit::write(held.span, wanted.to_string());
    let said = format!(
        "raise `replication_factor` to {wanted}, or set `{NAME}: {replicas}` in the topic's `config`"
    );
    diags.report(found.help(said).edit(edit));
}

fn broker_minimum(
    kafka: &Kafka,
    (name, factor): (&str, u32),
    in_sync: &str,
    position: usize,
    diags: &mut Diagnostics,
) {
    let wanted = minimum(kafka, in_sync, factor, position);
    let Some(written) = kafka.config.get(in_sync) else { return };
    if wanted <= factor || number(kafka, in_sync, position).is_none() {
        return;
    }
    let title = format!("`{in_sync}` {wanted} exceeds `{name}` {factor}");
    let label = format!("no write with acks=all can succeed on {factor}");
    let mut found =
        Diagnostic::error("kafka-min-isr-exceeds-replication", written.span, title, label);
    if let Some(factor) = kafka.config.get(name) {
        found = found.related(factor.span, "the factor it must fit");
    }
    let lower = factor.saturating_sub(1).max(1);
    diags.report(
        found
            .help(format!("lower `{in_sync}` to {lower}"))
            .edit(Edit::write(written.span, lower.to_string())),
    );
}

#[cfg(test)]
mod tests {
    use crate::service::sample;

    #[test]
    fn findings() {
        const MANY: &str = "kafka-replication-exceeds-brokers";
        const FEW: &str = "kafka-min-isr-exceeds-replication";
        for (nodes, factor, config, expected) in [
            (3, 3, None, &[][..]),
            (3, 2, None, &[]),
            (3, 1, None, &[FEW]),
            (1, 1, None, &[]),
            (2, 3, None, &[MANY]),
            (3, 3, Some(("default.replication.factor", "4")), &[MANY]),
            (3, 3, Some(("min.insync.replicas", "4")), &[FEW, FEW]),
            (3, 1, Some(("default.replication.factor", "1")), &[]),
            (3, 3, Some(("transaction.state.log.min.isr", "3")), &[]),
            (2, 2, Some(("transaction.state.log.min.isr", "3")), &[FEW]),
        ] {
            let mut role = sample::role(nodes);
            role.zookeeper = Some(sample::zookeeper());
            let mut kafka = sample::kafka();
            kafka.topics.push(sample::topic("events", factor));
            if let Some((name, value)) = config {
                kafka.config.insert(name.to_owned(), sample::text(value));
            }
            role.kafka = Some(kafka);
            assert_eq!(sample::codes(&role), expected, "{nodes} {factor} {config:?}");
        }
    }
}
