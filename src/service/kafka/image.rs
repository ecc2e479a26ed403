//! Which image can run which mode.

use super::broker::{Kafka, Mode};
use super::contract::{KRAFT_IMAGE, ZOOKEEPER_IMAGE};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

/// Reports an image whose start scripts cannot do what the mode asks.
///
/// Known families are told by the end of their name, so that a mirror's copy counts too; of other names only what
/// `version` says is known.
pub(super) fn validate(kafka: &Kafka, diags: &mut Diagnostics) {
    let image = &kafka.image.value;
    let name = image.repository.as_str();
    let confluent = name.ends_with("/cp-kafka") || name.ends_with("/cp-server");
    let apache = name.ends_with("apache/kafka") || name.ends_with("apache/kafka-native");
    let version = kafka.version();
    let older = |than| version.as_ref().is_some_and(|version| version.value < than);
    let (title, label, help, image) = match &kafka.mode.value {
        Mode::Zookeeper { .. } if apache => (
            format!("`{image}` cannot run Kafka on ZooKeeper"),
            "its start always formats KRaft storage, and then refuses",
            format!("use `{ZOOKEEPER_IMAGE}`, or set `{}.mode: kraft`", kafka.path),
            ZOOKEEPER_IMAGE,
        ),
        Mode::Zookeeper { .. } if confluent && image.version().is_some_and(|it| it.0 != 7) => (
            format!("`{image}` is not made for ZooKeeper mode as cfgbuild drives it"),
            "ZooKeeper mode ended with cp-kafka 7",
            format!("use `{ZOOKEEPER_IMAGE}`, or set `{}.mode: kraft`", kafka.path),
            ZOOKEEPER_IMAGE,
        ),
        Mode::Zookeeper { .. } if version.is_some() && !older((4, 0)) => (
            format!("`{image}` cannot run Kafka on ZooKeeper"),
            "ZooKeeper mode ended with Kafka 3.9",
            format!("use `{ZOOKEEPER_IMAGE}`, or set `{}.mode: kraft`", kafka.path),
            ZOOKEEPER_IMAGE,
        ),
        Mode::Kraft { .. } if confluent || name.ends_with("kafka-native") => (
            format!("`{image}` has not the scripts cfgbuild starts KRaft with"),
            "needs /opt/kafka/bin of `apache/kafka`",
            format!("use `{KRAFT_IMAGE}`"),
            KRAFT_IMAGE,
        ),
        Mode::Kraft { .. } if older((3, 9)) => (
            format!("`{image}` is older than dynamic quorums"),
            "KRaft needs Kafka 3.9 or newer",
            format!("use `{KRAFT_IMAGE}`"),
            KRAFT_IMAGE,
        ),
        Mode::Zookeeper { .. } | Mode::Kraft { .. } => return,
    };
    let mut found = Diagnostic::error("kafka-image-mode-mismatch", kafka.image.span, title, label)
        .related(kafka.mode.span, "this mode");
    let mut help = help;
    if let Some(version) = &kafka.said_version {
        help = format!("{help}; `{}.version` is then another, too: remove it", kafka.path);
        found = found.related(version.span, "its version").edit(Edit::remove(version.span));
    }
    diags.report(found.help(help).edit(Edit::write(kafka.image.span, image)));
}

#[cfg(test)]
mod tests {
    use crate::service::sample;

    #[test]
    fn images_and_modes() {
        for (image, zookeeper, kraft) in [
            ("confluentinc/cp-kafka:7.9.6", true, false),
            ("confluentinc/cp-kafka:8.0.1", false, false),
            ("mirror.internal/confluentinc/cp-kafka:7.9.6-1-ubi9", true, false),
            ("apache/kafka:3.9.2", false, true),
            ("apache/kafka:4.3.1", false, true),
            ("apache/kafka:3.8.1", false, false),
            ("apache/kafka-native:4.3.1", false, false),
            ("10.77.0.1:5000/e2e/kafka:1", true, true),
            ("registry.internal/platform/kafka:1.4.0", true, true),
            ("quay.io/strimzi/kafka:0.49.0-kafka-4.1.1", true, true),
        ] {
            for (mut kafka, fits) in [(sample::kafka(), zookeeper), (sample::kraft(), kraft)] {
                let mut role = sample::role(3);
                role.zookeeper = Some(sample::zookeeper());
                kafka.image = sample::image(image);
                role.kafka = Some(kafka);
                let codes = sample::codes(&role);
                let expected: &[&str] = if fits { &[] } else { &["kafka-image-mode-mismatch"] };
                assert_eq!(codes, expected, "{image}");
            }
        }
    }
}
