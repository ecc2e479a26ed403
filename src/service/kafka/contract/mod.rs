//! What a written unit that runs Kafka must get right, and the images there are.

mod environment;

use crate::service::contract::{Contract, Gone, Image, MemberId, PeerList, Reads, Stop};

use super::versions::{self, BITNAMI_PREFIX, is_bitnami};
use super::{tables, variable};

/// The image of a broker that keeps its metadata in ZooKeeper: the last line that can.
pub(super) const ZOOKEEPER_IMAGE: &str = "confluentinc/cp-kafka:7.9.6";
/// The image of a broker with its own quorum.
pub(super) const KRAFT_IMAGE: &str = "apache/kafka:4.3.1";

pub(super) const CONTRACT: Contract = Contract {
    name: Some("Kafka"),
    images: IMAGES,
    names: &["kafka", "kafka-native", "cp-kafka", "cp-server"],
    // the first that fits: an exporter's name holds the broker's
    untold: &[("kafka-exporter", 9308)],
    successors: &[("kafka-exporter", "danielqsj/kafka-exporter:v1.9.0"), ("kafka", KRAFT_IMAGE)],
    memory_unset: "1 GiB of heap, whatever the machine",
    needs_open_files: true,
    stop: Some(Stop {
        server: "broker",
        least: 60,
        least_in_words: "a minute",
        enough: 170,
        why: "too short to hand over its partitions",
    }),
    listens: environment::listens,
    advertised_ports: environment::advertised_ports,
    advertised_hosts: environment::advertised_hosts,
    member_ids: &[
        MemberId::number("KAFKA_BROKER_ID"),
        MemberId::number("KAFKA_NODE_ID"),
        MemberId::number("KAFKA_CFG_BROKER_ID"),
        MemberId::number("KAFKA_CFG_NODE_ID"),
    ],
    peer_lists: &[
        PeerList { suffix: "ZOOKEEPER_CONNECT", entry: Some("{{address}}:2181") },
        PeerList::new("QUORUM_VOTERS"),
        PeerList::new("BOOTSTRAP_SERVERS"),
    ],
    reads: Some(Reads {
        table: || &tables::BROKER,
        version: versions::version,
        setting: |image, name| match name.strip_prefix(BITNAMI_PREFIX) {
            Some(words) if is_bitnami(image) => Some(words.to_ascii_lowercase().replace('_', ".")),
            _ if is_bitnami(image) => None,
            _ => variable::property(name),
        },
        variable: |image, name| match variable::of(name) {
            Some(variable) if is_bitnami(image) => {
                // it reads each `_` as a dot
                let words = variable.strip_prefix("KAFKA_").filter(|it| !it.contains("__"))?;
                Some(format!("{BITNAMI_PREFIX}{words}"))
            }
            variable => variable,
        },
        by_flags: false,
        files: &[
            ("apache/kafka", "/mnt/shared/config/server.properties"),
            ("apache/kafka", "/opt/kafka/config/server.properties"),
            ("bitnami/kafka", "/bitnami/kafka/config/server.properties"),
            ("bitnamilegacy/kafka", "/bitnami/kafka/config/server.properties"),
        ],
        others: tables::READ_BY_OTHERS,
        starts: &["run", "run.sh", "start-kafka.sh", "kafka-server-start", "kafka-server-start.sh"],
    }),
    ..Contract::NONE
};

const HEAP: &[&str] = &["KAFKA_HEAP_OPTS"];

const IMAGES: &[Image] = &[
    Image::new("apache/kafka", &["/var/lib/kafka/data"]).with_heap(HEAP),
    Image::new("confluentinc/cp-kafka", &["/var/lib/kafka/data"]).with_heap(HEAP),
    Image::new("wurstmeister/kafka", &["/kafka"])
        .with_heap(HEAP)
        .gone(Gone::WURSTMEISTER.instead("kafka", ZOOKEEPER_IMAGE))
        .deaf(),
    Image::new("bitnami/kafka", &["/bitnami/kafka"]).with_heap(HEAP).gone(Gone::BITNAMI),
    Image::new("bitnamilegacy/kafka", &["/bitnami/kafka"]).with_heap(HEAP).gone(Gone::BITNAMI),
];
