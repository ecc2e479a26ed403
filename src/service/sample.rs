//! Small valid clusters for the tests of this room.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::model::{
    Bootstrap, Etcd, Format, Identity, IgnitionVersion, Image, Kafka, KafkaMode, Node, Os, PerNode,
    Piece, Platform, Role, Storage, Target, Text, Topic, Zookeeper,
};
use crate::source::{Sources, Spanned};

pub(super) fn at<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Sources::NOWHERE)
}

pub(super) fn text(value: &str) -> Spanned<PerNode<Text>> {
    at(PerNode::Same(Text::literal(value)))
}

pub(super) fn image(reference: &str) -> Spanned<Image> {
    at(Image::parse(reference).expect("an image"))
}

/// Writes facts as `{name}`.
pub(super) fn show(text: &Text) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Host(fact) => format!("{{{fact}}}"),
        Piece::Stack(fact) => format!("{{stack.{fact}}}"),
        Piece::Secret(source) => format!("{{{source}}}"),
    };
    text.pieces().iter().map(piece).collect()
}

/// Returns the codes [`super::validate`] reports, in their order.
pub(super) fn codes(cluster: &Role) -> Vec<&'static str> {
    let mut diags = Diagnostics::new();
    super::validate(cluster, &mut diags);
    diags.sorted().iter().map(|found| found.code).collect()
}

/// `count` pinned nodes `kafka-N` without services, in zones a, b and c.
pub(super) fn cluster(count: u32) -> Role {
    let node = |index: u32| Node {
        index,
        name: at(format!("kafka-{index}")),
        id: at(index),
        zone: ["c", "a", "b"].get(index as usize % 3).map(|zone| at((*zone).to_owned())),
        address: Some(at(format!("kafka-{index}.kafka.internal"))),
    };
    Role {
        role: "kafka".to_owned(),
        description: String::new(),
        target: Target {
            os: at(Os::Flatcar),
            platform: at(Platform::Aws),
            ignition: at(IgnitionVersion::V3_4),
            formats: at(vec![Format::Ignition]),
        },
        name: at("kafka".to_owned()),
        domain: Some(at("kafka.internal".to_owned())),
        identity: at(Identity::Pinned),
        nodes: (1..=count).map(node).collect(),
        etcd: None,
        zookeeper: None,
        kafka: None,
        registry: None,
        aws: None,
        volumes: Vec::new(),
        containers: Vec::new(),
        units: Vec::new(),
        files: Vec::new(),
        directories: Vec::new(),
        links: Vec::new(),
        users: Vec::new(),
        groups: Vec::new(),
        sysctl: Vec::new(),
        kernel_arguments: Vec::new(),
        kernel_arguments_absent: Vec::new(),
        updates: None,
        storage: Storage::default(),
        provisioners: Vec::new(),
        allow: Vec::new(),
    }
}

/// The same with one config for all, and nothing known of the nodes.
pub(super) fn shared(count: u32) -> Role {
    let mut cluster = cluster(count);
    cluster.identity = at(Identity::Shared);
    for node in &mut cluster.nodes {
        node.zone = None;
        node.address = None;
    }
    cluster
}

pub(super) fn etcd(bootstrap: Bootstrap) -> Etcd {
    Etcd {
        span: Sources::NOWHERE,
        image: image("quay.io/coreos/etcd:v3.6.14"),
        bootstrap: at(bootstrap),
        volume: None,
        client_port: at(2379),
        peer_port: at(2380),
        config: BTreeMap::new(),
    }
}

pub(super) fn zookeeper() -> Zookeeper {
    Zookeeper {
        span: Sources::NOWHERE,
        image: image("zookeeper:3.8.6"),
        volume: None,
        log_volume: None,
        heap_mib: at(512),
        client_port: at(2181),
        peer_port: at(2888),
        election_port: at(3888),
        admin_port: at(8080),
        metrics_port: at(7000),
        autopurge_hours: at(24),
        config: BTreeMap::new(),
    }
}

/// A broker beside the ZooKeeper of its own node.
pub(super) fn kafka(count: u32) -> Kafka {
    Kafka {
        span: Sources::NOWHERE,
        image: image("confluentinc/cp-kafka:7.9.6"),
        mode: at(KafkaMode::Zookeeper {
            connect: (1..=count).map(|id| at(format!("kafka-{id}.kafka.internal:2181"))).collect(),
            chroot: "/kafka".to_owned(),
            local: true,
            role: None,
        }),
        volume: None,
        heap_mib: at(2048),
        port: at(9092),
        config: BTreeMap::new(),
        topics: Vec::new(),
    }
}

pub(super) fn kraft() -> Kafka {
    Kafka {
        image: image("apache/kafka:4.3.1"),
        mode: at(KafkaMode::Kraft {
            cluster_id: "5L6g3nShT-eMCtK--X86sw".to_owned(),
            controller_port: at(9093),
        }),
        ..kafka(0)
    }
}

pub(super) fn topic(name: &str, replication_factor: u32) -> Topic {
    Topic {
        name: at(name.to_owned()),
        partitions: at(3),
        replication_factor: at(replication_factor),
        config: BTreeMap::new(),
    }
}
