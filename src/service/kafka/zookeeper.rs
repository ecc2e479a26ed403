//! A broker in ZooKeeper mode, as `confluentinc/cp-kafka` 7 takes it: every property is a `KAFKA_*` variable.
//!
//! The image waits 40 seconds for ZooKeeper and then exits, so its unit must restart for ever; it refuses to start
//! with `KAFKA_ADVERTISED_PORT`, `KAFKA_ADVERTISED_HOST`, `KAFKA_HOST` and `KAFKA_PORT`.

use super::super::declared::Met;
use super::super::member::{Member, variable};
use super::super::properties;
use super::broker::Kafka;
use super::listeners;
use super::settings::{Setting, common, overlay};
use super::variable;
use crate::model::{Container, Guard, Port, Text, Variable};
use crate::source::Spanned;

/// Returns the broker of one node.
pub(super) fn broker(
    kafka: &Kafka,
    chroot: &str,
    ports: Vec<Port>,
    member: Member<'_>,
    met: &Met,
) -> Container {
    let local = kafka.beside(met).map(|instance| format!("{instance}.service"));
    let beside: Vec<Spanned<String>> =
        local.map(|unit| Spanned::new(unit, kafka.span)).into_iter().collect();
    let broker = Container {
        description: member.title("Kafka broker"),
        ports,
        env: environment(kafka, chroot, member, met),
        after: beside.clone(),
        wants: beside,
        ..kafka.container(&kafka.name, member)
    };
    // With an id of its own for each new disk nobody knows a broker from before; and the shell knows no keys.
    let is_asked = member.pinned() && !kafka.config.contains_key("zookeeper.ssl.client.enable");
    let guard = is_asked.then(|| guard(&broker));
    kafka.complete(Container { guard, ..broker }, member)
}

/// Returns what keeps a broker whose disk is empty from leading with what it has lost.
fn guard(broker: &Container) -> Guard {
    let data = broker.binds.iter().map(|bind| bind.from.value.clone()).take(1);
    Guard {
        path: "/etc/cfgbuild/empty-broker",
        script: include_str!("empty.sh"),
        words: data.collect(),
    }
}

fn environment(kafka: &Kafka, chroot: &str, member: Member<'_>, met: &Met) -> Vec<Variable> {
    let mut settings = common(kafka, member);
    settings.retain(|name, _| !name.starts_with("share."));
    let mut set = |name, value| settings.insert(name, Setting { value, span: kafka.span });
    // An id a profile fixes may lie above those Kafka draws itself, once it draws none.
    let (id, drawn) = if member.pinned() {
        (Text::literal(member.node.id.value.to_string()), "false")
    } else {
        (Text::literal("-1"), "true")
    };
    set("broker.id", id);
    set("broker.id.generation.enable", Text::literal(drawn));
    let servers = kafka.servers(met).iter().map(|server| server.value.as_str());
    let servers = format!("{}{chroot}", servers.collect::<Vec<_>>().join(","));
    set("zookeeper.connect", Text::literal(servers));
    overlay(&mut settings, kafka, member.position);
    listeners::apply(&mut settings, kafka, member);
    let named = settings.iter().filter_map(|(name, setting)| {
        let value = properties::value(&setting.value);
        Some(variable(variable::of(name)?, value, setting.span))
    });
    let mut all: Vec<Variable> = named.chain(kafka.java()).collect();
    all.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    all
}

#[cfg(test)]
mod tests {
    use crate::service::sample;

    fn environment(role: &sample::Sample) -> Vec<String> {
        let parts = role.expand(0);
        let container = parts.containers.last().expect("kafka");
        let show = |variable: &crate::model::Variable| {
            format!("{}={}", variable.name.value, sample::show(variable.value.on(0)))
        };
        container.env.iter().map(show).collect()
    }

    #[test]
    fn a_pinned_broker_of_three() {
        let mut role = sample::role(3);
        role.zookeeper = Some(sample::zookeeper());
        let mut kafka = sample::kafka();
        kafka.config.insert("min.insync.replicas".to_owned(), sample::text("1"));
        kafka.config.insert("log.retention.hours".to_owned(), sample::text("48"));
        role.kafka = Some(kafka);
        assert!(sample::codes(&role).is_empty());
        assert_eq!(
            environment(&role),
            [
                "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://kafka-1.kafka.internal:9092",
                "KAFKA_AUTO_CREATE_TOPICS_ENABLE=false",
                "KAFKA_BROKER_ID=1",
                "KAFKA_BROKER_ID_GENERATION_ENABLE=false",
                "KAFKA_BROKER_RACK={zone}",
                "KAFKA_DEFAULT_REPLICATION_FACTOR=3",
                "KAFKA_HEAP_OPTS=-Xms2048m -Xmx2048m -XX:+ExitOnOutOfMemoryError",
                "KAFKA_LISTENERS=PLAINTEXT://0.0.0.0:9092",
                "KAFKA_LOG_DIRS=/var/lib/kafka/data",
                "KAFKA_LOG_RETENTION_MS=172800000",
                "KAFKA_MIN_INSYNC_REPLICAS=1",
                "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR=3",
                "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR=2",
                "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR=3",
                "KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE=false",
                "KAFKA_ZOOKEEPER_CONNECT=kafka-1.kafka.internal:2181,kafka-2.kafka.internal:2181,\
                 kafka-3.kafka.internal:2181/kafka",
            ]
        );
        let parts = role.expand(0);
        let broker = parts.containers.last().expect("kafka");
        let after: Vec<&str> = broker.after.iter().map(|unit| unit.value.as_str()).collect();
        assert_eq!(after, ["zookeeper.service"]);
        assert_eq!(broker.description, "Kafka broker 1 of cluster kafka on kafka-1");
    }

    #[test]
    fn a_listener_of_another_name_has_its_protocol_and_serves_the_brokers() {
        let mut role = sample::role(3);
        let mut kafka = sample::kafka();
        for (name, value) in [
            ("listeners", "INSIDE://0.0.0.0:9092,SSL://0.0.0.0:9094"),
            ("listener.security.protocol.map", "INSIDE:PLAINTEXT"),
        ] {
            kafka.config.insert(name.to_owned(), sample::text(value));
        }
        role.kafka = Some(kafka);
        let words = environment(&role);
        for word in [
            "KAFKA_ADVERTISED_LISTENERS=INSIDE://kafka-1.kafka.internal:9092,SSL://kafka-1.kafka.internal:9094",
            "KAFKA_INTER_BROKER_LISTENER_NAME=INSIDE",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP=INSIDE:PLAINTEXT,SSL:SSL",
        ] {
            assert!(words.iter().any(|known| known == word), "{word} is not in {words:?}");
        }
    }

    #[test]
    fn a_shared_broker_learns_who_it_is_at_boot() {
        let mut role = sample::shared(3);
        role.kafka = Some(sample::kafka());
        let words = environment(&role);
        for word in [
            "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://{private_ipv4}:9092",
            "KAFKA_BROKER_ID=-1",
            "KAFKA_BROKER_ID_GENERATION_ENABLE=true",
            "KAFKA_BROKER_RACK={zone}",
        ] {
            assert!(words.iter().any(|known| known == word), "{word} is not in {words:?}");
        }
    }
}
