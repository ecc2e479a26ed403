//! What a written unit that runs Kafka must get right, and the images there are.

mod environment;

use crate::model;
use crate::service::contract::{Contract, Gone, Image, MemberId, PeerList, Reads, Stop, tag};
use crate::settings::Version;

use super::{known, variable};

/// The image of a broker that keeps its metadata in ZooKeeper: the last line that can.
pub(super) const ZOOKEEPER_IMAGE: &str = "confluentinc/cp-kafka:7.9.6";
/// The image of a broker with its own quorum.
pub(super) const KRAFT_IMAGE: &str = "apache/kafka:4.3.1";

/// Repositories whose tags are versions of Kafka.
pub(super) const VERSIONED: &[&str] = &["apache/kafka", "apache/kafka-native"];

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
        table: || &known::BROKER,
        version,
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
        files: &["/server.properties", "/kafka.properties"],
    }),
    ..Contract::NONE
};

/// What Bitnami's images have before the name of a property.
const BITNAMI_PREFIX: &str = "KAFKA_CFG_";

const BITNAMI: [&str; 2] = ["bitnami/kafka", "bitnamilegacy/kafka"];

fn is_bitnami(image: &model::Image) -> bool {
    BITNAMI.iter().any(|name| image.is_copy_of(name))
}

/// Repositories of Confluent, which numbers its images four ahead of Kafka, from 7.0 on.
const CONFLUENT: [&str; 2] = ["confluentinc/cp-kafka", "confluentinc/cp-server"];

/// Returns the version of Kafka in an image whose tag says it.
pub(super) fn version(image: &model::Image) -> Option<Version> {
    if let Some((major, minor)) = tag(image, &CONFLUENT) {
        return Some((major.checked_sub(4)?, minor));
    }
    tag(image, VERSIONED).or_else(|| tag(image, &BITNAMI))
}

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
