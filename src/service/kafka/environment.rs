//! Whose the variables of a broker's container are: a profile's `env` may hold what cfgbuild says nowhere else.

use super::super::jvm;
use super::broker::{Kafka, Mode};
use super::configuration;
use super::variable;

/// Variables of the images' start scripts that are no property and that nothing else decides.
const SCRIPTS: [&str; 9] = [
    "KAFKA_DEBUG",
    "KAFKA_GC_LOG_OPTS",
    "KAFKA_JMX_HOSTNAME",
    "KAFKA_JMX_OPTS",
    "KAFKA_JMX_PORT",
    "KAFKA_LOG4J_LOGGERS",
    "KAFKA_LOG4J_OPTS",
    "KAFKA_LOG4J_ROOT_LOGLEVEL",
    "KAFKA_TOOLS_LOG4J_LOGLEVEL",
];

/// Returns what decides a variable, as an advice; `None` where the profile may set it.
pub(super) fn owner(name: &str, kafka: &Kafka) -> Option<String> {
    let path = &kafka.path;
    let is_kraft = matches!(kafka.mode.value, Mode::Kraft { .. });
    match name {
        "KAFKA_HEAP_OPTS" => Some(format!("set `{path}.heap`")),
        "KAFKA_OPTS" | "KAFKA_JVM_PERFORMANCE_OPTS" => {
            Some(format!("write the options in `{path}.jvm.options`"))
        }
        "KAFKA_LOG4J_OPTS" if is_kraft => {
            Some("it names the file that has the broker log to the journal".to_owned())
        }
        _ if SCRIPTS.contains(&name) => None,
        _ => match variable::property(name) {
            Some(property) => Some(
                configuration::owner(&property, kafka)
                    .unwrap_or_else(|| format!("write `{property}` in `{path}.config`")),
            ),
            None => jvm::owner(name, path),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::sample;

    #[test]
    fn whatever_is_set_is_owned() {
        for kafka in [sample::kafka(), sample::kraft()] {
            let mut role = sample::role(3);
            role.zookeeper = Some(sample::zookeeper());
            role.kafka = Some(kafka.clone());
            let parts = role.expand(0);
            let broker = parts.containers.iter().find(|one| one.name.value == "kafka");
            for variable in &broker.expect("a broker").env {
                let name = &variable.name.value;
                assert!(owner(name, &kafka).is_some(), "{name}");
            }
        }
        for free in ["JMX_PORT", "KAFKA_JMX_PORT", "LOG_DIR", "EXTRA_ARGS"] {
            assert_eq!(owner(free, &sample::kafka()), None, "{free}");
        }
        assert_eq!(
            owner("KAFKA_LOG_DIRS", &sample::kafka()).as_deref(),
            Some("set `kafka.volume`")
        );
    }
}
