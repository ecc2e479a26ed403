//! Topics of a profile, and the gate before a reboot: commands run inside the broker's own container.

use std::collections::BTreeMap;

use super::super::member::Member;
use super::broker::{Kafka, Mode, Topic};
use super::kraft;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Parts, Step, Task, When};
use crate::source::{Edit, Span, Spanned};

/// What a tool would inherit from the broker: its heap, its agents, their ports, its logging to stdout.
pub(super) const BROKERS_OWN: [&str; 5] =
    ["KAFKA_HEAP_OPTS", "KAFKA_OPTS", "KAFKA_JMX_OPTS", "JMX_PORT", "KAFKA_LOG4J_OPTS"];

/// Reports what the topics tool or the broker behind it would not take as it is written.
pub(super) fn validate(kafka: &Kafka, diags: &mut Diagnostics) {
    names(kafka, diags);
    internal(kafka, diags);
    kafka.topics.iter().for_each(|topic| values(topic, kafka, diags));
}

const EMPTY: &str = "is empty";
const SPLIT: &str = "holds a `=`";

/// Returns what keeps the tool from saying a value.
pub(super) fn unsaid(value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some(EMPTY)
    } else if value.contains('=') {
        Some(SPLIT)
    } else {
        (value.trim() != value).then_some("begins or ends with a blank")
    }
}

/// Reports values that the tool does not take: it splits each setting at every `=`, and trims what it gets.
fn values(topic: &Topic, kafka: &Kafka, diags: &mut Diagnostics) {
    for (name, value) in &topic.config {
        let Some(what) = unsaid(&value.value) else { continue };
        let help = match what {
            EMPTY => format!("remove `{name}`: the topic then has what the brokers say"),
            SPLIT => "set it with `kafka-configs` once the topic is there".to_owned(),
            _ => "write it without".to_owned(),
        };
        let path = format!("{}.topics.{}.config.{name}", kafka.path, topic.name.value);
        diags.report(
            Diagnostic::error(
                "kafka-config-not-expressible",
                value.span,
                format!("`{path}` {what}, and the topics tool cannot say that"),
                "not a value that arrives",
            )
            .help(help),
        );
    }
}

/// Reports names Kafka takes for one: its metrics write both `.` and `_` as `_`, so it refuses the second.
fn names(kafka: &Kafka, diags: &mut Diagnostics) {
    let mut seen: BTreeMap<String, (&str, Span)> = BTreeMap::new();
    for topic in &kafka.topics {
        let name = &topic.name;
        match seen.get(&name.value.replace('.', "_")) {
            Some((other, span)) => {
                let title = format!("topics `{other}` and `{}` are one name to Kafka", name.value);
                diags.report(
                    Diagnostic::error(
                        "kafka-topic-name-collision",
                        name.span,
                        title,
                        "`.` and `_` count as the same",
                    )
                    .related(*span, format!("`{other}` is here"))
                    .help("rename one of them"),
                );
            }
            None => {
                seen.insert(name.value.replace('.', "_"), (&name.value, name.span));
            }
        }
    }
}

/// Topics that Kafka makes itself, and what of `kafka.config` says how.
const INTERNAL: [(&str, &str); 5] = [
    ("__cluster_metadata", "controller.quorum."),
    ("__consumer_offsets", "offsets.topic."),
    ("__remote_log_metadata", "rlmm.config.remote.log.metadata.topic."),
    ("__share_group_state", "share.coordinator.state.topic."),
    ("__transaction_state", "transaction.state.log."),
];

/// Reports topics of Kafka's own: made by a profile first, they would have what the profile says, not what the brokers
/// expect.
fn internal(kafka: &Kafka, diags: &mut Diagnostics) {
    for topic in &kafka.topics {
        let name = &topic.name;
        let Some((_, settings)) = INTERNAL.iter().find(|(it, _)| *it == name.value) else {
            continue;
        };
        diags.report(
            Diagnostic::error(
                "kafka-topic-internal",
                name.span,
                format!("Kafka makes `{}` itself", name.value),
                "not a topic of a profile",
            )
            .help(format!(
                "remove it: `{settings}…` in `{}.config` says how it is made",
                kafka.path
            ))
            .edit(Edit::remove(name.span)),
        );
    }
}

/// Adds the tasks of a broker. Every node has them: they are idempotent, and any broker may be the one that is up.
pub(super) fn expand(kafka: &Kafka, member: Member<'_>, parts: &mut Parts) {
    let task = |name: &str, description: String, steps, when, span| Task {
        name: format!("{}-{name}", kafka.name),
        description,
        container: kafka.name.clone(),
        steps,
        when,
        place: Spanned::new((), span),
    };
    let cluster = &member.role.cluster.value;
    if let Some(first) = kafka.topics.first() {
        let mut argv = tool(kafka, member);
        argv.extend(["--create", "--if-not-exists", "--topic"].map(str::to_owned));
        let steps = vec![Step::Each { argv, items: kafka.topics.iter().map(words).collect() }];
        let description = format!("Creates the topics of Kafka cluster {cluster}");
        parts.tasks.push(task("topics", description, steps, When::AfterStart, first.name.span));
    }
    let mut steps = Vec::new();
    if kafka.alone().is_none() {
        let mut argv = tool(kafka, member);
        argv.extend(["--describe", "--under-replicated-partitions"].map(str::to_owned));
        steps.push(Step::Run { argv, until_silent: true });
    }
    if let Some(quorum) = kafka.quorum(member.role)
        && quorum.holds(member.position)
    {
        steps.push(Step::Vote { helps: false });
        if !kraft::joins_by_itself(kafka) {
            let description = format!("Asks the controllers of Kafka cluster {cluster} for a vote");
            let steps = vec![Step::Vote { helps: true }];
            parts.tasks.push(task("voter", description, steps, When::AfterStart, kafka.span));
        }
    }
    let description = match kafka.alone() {
        Some(_) => format!("Waits until this controller of Kafka cluster {cluster} has its vote"),
        None => format!("Waits until Kafka cluster {cluster} has no under-replicated partition"),
    };
    parts.tasks.push(task("caught-up", description, steps, When::BeforeUpdates, kafka.span));
}

/// Returns what the tool is told of a topic, its name first.
fn words(topic: &Topic) -> Vec<String> {
    let mut words = vec![
        topic.name.value.clone(),
        "--partitions".to_owned(),
        topic.partitions.value.to_string(),
        "--replication-factor".to_owned(),
        topic.replication_factor.value.to_string(),
    ];
    for (name, value) in &topic.config {
        words.extend(["--config".to_owned(), format!("{name}={}", value.value)]);
    }
    words
}

/// Returns where the image has one of Kafka's tools.
pub(super) fn program(kafka: &Kafka, tool: &str) -> String {
    match kafka.mode.value {
        Mode::Zookeeper { .. } => tool.to_owned(),
        Mode::Kraft { .. } => format!("/opt/kafka/bin/{tool}.sh"),
    }
}

/// Returns the topics tool of the image, free of what the broker's environment would do to it.
fn tool(kafka: &Kafka, member: Member<'_>) -> Vec<String> {
    let mut argv = vec!["env".to_owned()];
    argv.extend(BROKERS_OWN.iter().flat_map(|name| ["-u".to_owned(), (*name).to_owned()]));
    argv.push(program(kafka, "kafka-topics"));
    argv.push("--bootstrap-server".to_owned());
    let (host, port) = kafka.local(member);
    argv.push(format!("{host}:{port}"));
    argv
}

#[cfg(test)]
mod tests {
    use crate::model::Step;
    use crate::service::sample;

    #[test]
    fn tasks() {
        const CLEAR: &str = "env -u KAFKA_HEAP_OPTS -u KAFKA_OPTS -u KAFKA_JMX_OPTS -u JMX_PORT -u KAFKA_LOG4J_OPTS";
        let mut role = sample::role(3);
        let mut kafka = sample::kraft();
        let mut topic = sample::topic("events", 3);
        topic.config.insert("retention.ms".to_owned(), sample::at("86400000".to_owned()));
        kafka.topics.push(topic);
        role.kafka = Some(kafka);
        let parts = role.expand(0);
        let steps: Vec<(&str, &Step)> = parts
            .tasks
            .iter()
            .flat_map(|task| task.steps.iter().map(|step| (&*task.name, step)))
            .collect();
        let program = "/opt/kafka/bin/kafka-topics.sh --bootstrap-server localhost:9092";
        let [
            ("kafka-topics", Step::Each { argv, items }),
            ("kafka-caught-up", Step::Run { argv: described, until_silent: true }),
            ("kafka-caught-up", Step::Vote { helps: false }),
        ] = steps.as_slice()
        else {
            panic!("{steps:?}");
        };
        assert_eq!(argv.join(" "), format!("{CLEAR} {program} --create --if-not-exists --topic"));
        let items: Vec<String> = items.iter().map(|item| item.join(" ")).collect();
        assert_eq!(
            items,
            ["events --partitions 3 --replication-factor 3 --config retention.ms=86400000"]
        );
        let gate = format!("{CLEAR} {program} --describe --under-replicated-partitions");
        assert_eq!(described.join(" "), gate);
    }

    #[test]
    fn names_that_collide() {
        let mut role = sample::role(3);
        let mut kafka = sample::kraft();
        kafka.topics = vec![sample::topic("a.b", 3), sample::topic("a_b", 3)];
        role.kafka = Some(kafka);
        assert_eq!(sample::codes(&role), ["kafka-topic-name-collision"]);
    }
}
