//! What a profile may not write into `kafka.config`, and what its listeners must agree with.

use super::broker::{Kafka, Mode};
use super::variable;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{PerNode, Piece, Text};
use crate::source::{Edit, Spanned};

/// Properties that follow from the rest of the profile, with what decides them; `PATH` stands for the section.
const OWNED: [(&str, &str); 16] = [
    ("advertised.host.name", "set `advertised.listeners`"),
    ("advertised.port", "set `PATH.port`"),
    ("broker.id", "set `id` of the node"),
    ("broker.id.generation.enable", "set `cluster.identity`"),
    ("controller.listener.names", "is always CONTROLLER"),
    ("controller.quorum.bootstrap.servers", "is the list of the first nodes"),
    ("controller.quorum.voters", "the quorum is dynamic, and its voters are formatted in"),
    ("host.name", "set `listeners`"),
    ("log.dir", "set `PATH.volume`"),
    ("log.dirs", "set `PATH.volume`"),
    ("metadata.log.dir", "set `PATH.volume`"),
    ("node.id", "set `id` of the node"),
    ("port", "set `PATH.port`"),
    ("process.roles", "is decided by the number of nodes"),
    ("reserved.broker.max.id", "set `id` of the node"),
    ("zookeeper.connect", "is the list of ZooKeeper servers of the profile"),
];

/// Returns what decides a property that is not the profile's.
pub(super) fn owner(property: &str, path: &str) -> Option<String> {
    let (_, owner) = OWNED.iter().find(|(owned, _)| *owned == property)?;
    Some(owner.replace("PATH", path))
}

/// Reports properties that cannot be the profile's, that cannot be said, or that contradict its ports.
pub(super) fn validate(kafka: &Kafka, diags: &mut Diagnostics) {
    let by_environment = matches!(kafka.mode.value, Mode::Zookeeper { .. });
    for (name, value) in &kafka.config {
        if let Some(owner) = owner(name, &kafka.path) {
            diags.report(
                Diagnostic::error(
                    "kafka-config-owned",
                    value.span,
                    format!("`{name}` is not for `{}.config`", kafka.path),
                    "cfgbuild sets it",
                )
                .help(format!("remove `{name}`: {owner}"))
                .edit(Edit::remove(value.span)),
            );
        } else if by_environment && variable::of(name).is_none() {
            diags.report(
                Diagnostic::error(
                    "kafka-config-not-expressible",
                    value.span,
                    format!("no environment variable means the property `{name}`"),
                    "this image is configured by its environment",
                )
                .related(kafka.mode.span, "because of this mode")
                .help("use lower-case letters, digits and single `.`, `_` or `-` between them"),
            );
        }
    }
    for name in ["listeners", "advertised.listeners"] {
        if let Some(value) = kafka.config.get(name) {
            listeners(name, value, kafka, diags);
        }
    }
}

fn listeners(name: &str, value: &Spanned<PerNode<Text>>, kafka: &Kafka, diags: &mut Diagnostics) {
    let port = kafka.port.value.to_string();
    for text in value.value.all() {
        let text = with_stand_ins(text);
        let parsed: Option<Vec<(&str, &str)>> = text.split(',').map(host_and_port).collect();
        let Some(parsed) = parsed else {
            diags.report(
                Diagnostic::error(
                    "kafka-listener-malformed",
                    value.span,
                    format!("`{name}` is not a list of listeners"),
                    "each must be NAME://host:port",
                )
                .help(format!("write it as `PLAINTEXT://host:{port}`")),
            );
            continue;
        };
        if !parsed.iter().any(|(_, number)| *number == port) {
            diags.report(
                Diagnostic::error(
                    "kafka-listener-port-mismatch",
                    value.span,
                    format!("no entry of `{name}` has port {port}"),
                    format!("needs a listener on port {port}"),
                )
                .related(kafka.port.span, "the port of the broker")
                .help(format!("put a listener on {port}, or change `{}.port`", kafka.path)),
            );
        }
        let nowhere = |host: &str| {
            matches!(host, "" | "0.0.0.0" | "localhost" | "::" | "::1" | "[::]" | "[::1]")
                || host.starts_with("127.")
        };
        let lost = parsed.iter().find(|(host, _)| name != "listeners" && nowhere(host));
        if let Some((host, _)) = lost {
            let advertised = text.replacen(&format!("://{host}:"), "://{{node.address}}:", 1);
            diags.report(
                Diagnostic::error(
                    "kafka-advertised-not-routable",
                    value.span,
                    format!("kafka would advertise `{host}`, where no client finds it"),
                    "clients are sent to this address",
                )
                .help(format!("advertise `{advertised}`"))
                .edit(Edit::write(value.span, format!("\"{advertised}\""))),
            );
        }
    }
}

/// Returns a text with a word in place of each fact.
fn with_stand_ins(text: &Text) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Host(fact) => fact.to_string(),
        Piece::Stack(fact) => fact.to_string(),
        Piece::Secret(source) => source.to_string(),
    };
    text.pieces().iter().map(piece).collect()
}

fn host_and_port(listener: &str) -> Option<(&str, &str)> {
    let (name, rest) = listener.trim().split_once("://")?;
    let (host, port) = rest.rsplit_once(':')?;
    (!name.is_empty() && port.parse::<u16>().is_ok()).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use crate::service::sample;

    #[test]
    fn findings() {
        for (name, value, expected) in [
            ("log.retention.hours", "48", &[][..]),
            ("broker.id", "7", &["kafka-config-owned"]),
            ("Log.Retention", "7", &["kafka-config-not-expressible"]),
            ("listeners", "SASL_SSL://0.0.0.0:9092,PLAINTEXT://0.0.0.0:9094", &[]),
            ("listeners", "9092", &["kafka-listener-malformed"]),
            ("listeners", "PLAINTEXT://0.0.0.0:6667", &["kafka-listener-port-mismatch"]),
            (
                "advertised.listeners",
                "PLAINTEXT://localhost:6667",
                &["kafka-advertised-not-routable", "kafka-listener-port-mismatch"],
            ),
        ] {
            let mut cluster = sample::cluster(3);
            cluster.zookeeper = Some(sample::zookeeper());
            let mut kafka = sample::kafka();
            kafka.config.insert(name.to_owned(), sample::text(value));
            cluster.kafka = Some(kafka);
            assert_eq!(sample::codes(&cluster), expected, "{name}={value}");
        }
    }
}
