//! Kafka: one broker per node, in the container `kafka`, its topics, and the gate that holds back reboots.
//!
//! In ZooKeeper mode the image is Confluent's `cp-kafka` 7, driven by `KAFKA_*`. In KRaft mode it is `apache/kafka`
//! with a rendered `server.properties`: its own start script formats whatever it finds and knows no quorum of three.

mod configuration;
mod image;
mod kraft;
mod logging;
mod properties;
mod quorum;
mod replication;
mod settings;
mod topics;
mod zookeeper;

use super::member::{Member, data_bind, one_per_host, variable};
use crate::diagnostic::Diagnostics;
use crate::model::{Bind, Container, Kafka, KafkaMode, Network, Parts, Role, Run, Text, Variable};
use crate::source::Spanned;

/// Where data lives on the host without a volume.
const HOME: &str = "/var/lib/kafka";

/// The log directory inside either image: exactly the path they declare as a volume.
const LOG_DIRS: &str = "/var/lib/kafka/data";

/// uid and gid of `appuser` in either image.
const OWNER: u32 = 1000;

/// What the kernel needs for many mapped segments and a large page cache.
const SYSCTL: [(&str, &str); 4] = [
    ("vm.max_map_count", "262144"),
    ("vm.swappiness", "1"),
    ("vm.dirty_background_ratio", "5"),
    ("vm.dirty_ratio", "80"),
];

/// Reports what keeps the brokers from starting, from being reached, or from holding the topics.
pub(super) fn validate(kafka: &Kafka, cluster: &Role, diags: &mut Diagnostics) {
    image::validate(kafka, diags);
    configuration::validate(kafka, diags);
    replication::validate(kafka, cluster, diags);
    topics::validate(kafka, diags);
    if let KafkaMode::Kraft { .. } = kafka.mode.value {
        kraft::validate(kafka, cluster, diags);
    }
}

/// Adds the broker of one node.
pub(super) fn expand(kafka: &Kafka, member: Member<'_>, parts: &mut Parts) {
    match &kafka.mode.value {
        KafkaMode::Zookeeper { connect, chroot, local, role: _ } => {
            let quorum = zookeeper::Quorum { connect, chroot, local: *local };
            parts.containers.push(zookeeper::broker(kafka, quorum, member));
        }
        KafkaMode::Kraft { cluster_id, controller_port } => {
            kraft::expand(kafka, cluster_id, controller_port, member, parts);
        }
    }
    topics::expand(kafka, member.cluster, parts);
    parts.sysctl.extend(SYSCTL.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

/// Returns what a container of a broker is in either mode; the modes fill in the rest.
fn container(name: &str, kafka: &Kafka, member: Member<'_>) -> Container {
    Container {
        name: Spanned::new(name.to_owned(), kafka.span),
        description: String::new(),
        documentation: Some("https://kafka.apache.org/documentation/#operations".to_owned()),
        image: kafka.image.clone(),
        run: Run::Always,
        network: Network::Host,
        ports: Vec::new(),
        user: Some(format!("{OWNER}:{OWNER}")),
        entrypoint: None,
        args: Vec::new(),
        env: Vec::new(),
        binds: vec![data(kafka, member)],
        tmpfs: Vec::new(),
        ulimits: vec!["nofile=128000:128000".to_owned()],
        memory_mib: None,
        // A controlled shutdown moves every leader away first.
        stop_timeout: 170,
        ready_port: None,
        after: Vec::new(),
        requires: Vec::new(),
        wants: Vec::new(),
        identity: None,
        placement: one_per_host(name),
    }
}

fn data(kafka: &Kafka, member: Member<'_>) -> Bind {
    let from = member.directory(kafka.volume.as_ref(), HOME, "data", kafka.span);
    data_bind(from, LOG_DIRS, OWNER, 0o750)
}

/// Returns the variable both images' start scripts read the heap from.
fn heap(kafka: &Kafka) -> Variable {
    let heap = &kafka.heap_mib;
    let value = Text::literal(format!("-Xms{0}m -Xmx{0}m", heap.value));
    variable("KAFKA_HEAP_OPTS", value, heap.span)
}
