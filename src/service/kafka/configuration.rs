//! What a profile may not write into `kafka.config`.

use super::broker::{Kafka, Mode};
use super::variable;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

/// Properties that follow from the rest of the profile, with what decides them; `PATH` stands for the section.
const OWNED: [(&str, &str); 16] = [
    ("advertised.host.name", "set `advertised.listeners`"),
    ("advertised.port", "set `PATH.port`"),
    ("broker.id", "set `id` of the node"),
    ("broker.id.generation.enable", "set `cluster.identity`"),
    ("controller.listener.names", "is always CONTROLLER"),
    ("controller.quorum.bootstrap.servers", "is the list of the controllers"),
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

/// Properties that follow from the section's own list of listeners, where it has one.
const LISTED: [(&str, &str); 3] = [
    ("advertised.listeners", "set `advertise` in `PATH.listeners`"),
    ("listener.security.protocol.map", "set `auth` in `PATH.listeners`"),
    ("listeners", "set `bind` and `port` in `PATH.listeners`"),
];

/// Returns what decides a property that is not the profile's.
pub(super) fn owner(property: &str, kafka: &Kafka) -> Option<String> {
    let listed = LISTED.iter().filter(|_| !kafka.listeners.is_empty());
    let (_, owner) = OWNED.iter().chain(listed).find(|(owned, _)| *owned == property)?;
    Some(owner.replace("PATH", &kafka.path))
}

/// Reports properties that cannot be the profile's, and properties that cannot be said.
pub(super) fn validate(kafka: &Kafka, diags: &mut Diagnostics) {
    let by_environment = matches!(kafka.mode.value, Mode::Zookeeper { .. });
    for (name, value) in &kafka.config {
        if let Some(owner) = owner(name, kafka) {
            diags.report(
                Diagnostic::error(
                    "kafka-config-owned",
                    value.span,
                    format!("`{name}` is not for `{}.config`", kafka.path),
                    "cfgbuild sets it",
                )
                .help(format!("remove `{name}`: {}", sentence(&owner)))
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
}

/// Gives what decides a property its subject.
fn sentence(owner: &str) -> String {
    if owner.starts_with("is ") { format!("it {owner}") } else { owner.to_owned() }
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
            let mut role = sample::role(3);
            role.zookeeper = Some(sample::zookeeper());
            let mut kafka = sample::kafka();
            kafka.config.insert(name.to_owned(), sample::text(value));
            role.kafka = Some(kafka);
            assert_eq!(sample::codes(&role), expected, "{name}={value}");
        }
    }
}
