//! Small valid roles for the tests of this room.

use std::collections::BTreeMap;

use super::container::Additions;
use super::declared::{Answer, Met, Offer, Origin};
use super::etcd::{self, Bootstrap, Etcd};
use super::jvm::Jvm;
use super::kafka::{self, Ensemble, Kafka, Mode, Part, Topic};
use super::kind::{Kind, Service};
use super::seat::Seat;
use super::services::{Instance, Services};
use super::zookeeper::{self, Zookeeper};
use crate::diagnostic::Diagnostics;
use crate::model::{
    Format, Identity, IgnitionVersion, Image, Node, Os, Parts, PerNode, Piece, Platform, Role,
    Storage, Target, Text,
};
use crate::profile::{Value, ValueKind};
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

/// A role and its services, before they are brought together.
pub(super) struct Sample {
    /// Without its services.
    pub(super) bare: Role,
    pub(super) etcd: Option<Etcd>,
    pub(super) zookeeper: Option<Zookeeper>,
    pub(super) kafka: Option<Kafka>,
}

impl Sample {
    /// Brings the services together, as a profile with these sections does.
    pub(super) fn services(&self) -> Services {
        let here: Vec<Offer> = self.zookeeper.iter().map(|own| self.offer(own)).collect();
        let mut all = Vec::new();
        let mut add = |kind: &'static Kind, service: Box<dyn Service>| {
            let answer = |from: Origin| match (from, here.first()) {
                (Origin::Here, Some(offer)) => Answer::Offer(Box::new(offer.clone())),
                (Origin::Here | Origin::Role(_), _) => Answer::Missing,
            };
            let answers = service.needs().into_iter().map(|need| answer(need.from)).collect();
            let met = Met { answers, here: here.clone() };
            all.push(Instance {
                name: at(kind.word.to_owned()),
                kind,
                path: kind.word.to_owned(),
                span: Sources::NOWHERE,
                settings: Vec::new(),
                declared: service.declared(&self.bare, &met),
                met,
                service,
            });
        };
        if let Some(etcd) = &self.etcd {
            add(&etcd::KIND, Box::new(etcd.clone()));
        }
        if let Some(zookeeper) = &self.zookeeper {
            add(&zookeeper::KIND, Box::new(zookeeper.clone()));
        }
        if let Some(kafka) = &self.kafka {
            add(&kafka::KIND, Box::new(kafka.clone()));
        }
        Services { all }
    }

    fn offer(&self, own: &Zookeeper) -> Offer {
        let port = own.client_port.clone();
        let addresses = self.bare.nodes.iter().filter_map(|node| node.address.clone());
        let servers = addresses.map(|address| address.map(|it| format!("{it}:{}", port.value)));
        let servers = servers.collect();
        Offer {
            kind: "zookeeper",
            instance: own.name.clone(),
            servers,
            port,
            cluster: self.bare.cluster.value.clone(),
            nodes: Vec::new(),
            section: Value { kind: ValueKind::Null, span: Sources::NOWHERE },
        }
    }

    /// Returns what the node at `position` consists of.
    pub(super) fn expand(&self, position: usize) -> Parts {
        self.services().expand(&self.bare, position)
    }
}

/// Returns the codes [`super::validate`] reports, in their order.
pub(super) fn codes(sample: &Sample) -> Vec<&'static str> {
    let mut diags = Diagnostics::new();
    super::validate(&sample.services(), &sample.bare, &mut diags);
    diags.sorted().iter().map(|found| found.code).collect()
}

/// `count` pinned nodes `kafka-N` without services, in zones a, b and c.
pub(super) fn role(count: u32) -> Sample {
    let node = |index: u32| Node {
        index,
        name: at(format!("kafka-{index}")),
        id: at(index),
        zone: ["c", "a", "b"].get(index as usize % 3).map(|zone| at((*zone).to_owned())),
        address: Some(at(format!("kafka-{index}.kafka.internal"))),
        ip: None,
        leaving: None,
    };
    let bare = Role {
        name: "kafka".to_owned(),
        description: String::new(),
        target: Target {
            os: at(Os::Flatcar),
            platform: at(Platform::Aws),
            ignition: at(IgnitionVersion::V3_4),
            formats: at(vec![Format::Ignition]),
        },
        cluster: at("kafka".to_owned()),
        domain: Some(at("kafka.internal".to_owned())),
        identity: at(Identity::Pinned),
        hosts: Vec::new(),
        nodes: (1..=count).map(node).collect(),
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
    };
    Sample { bare, etcd: None, zookeeper: None, kafka: None }
}

/// The same with one config for all, and nothing known of the nodes.
pub(super) fn shared(count: u32) -> Sample {
    let mut role = role(count);
    role.bare.identity = at(Identity::Shared);
    for node in &mut role.bare.nodes {
        node.zone = None;
        node.address = None;
    }
    role
}

fn seat() -> Seat {
    Seat { port: at(9089), birth: None }
}

pub(super) fn etcd(bootstrap: Bootstrap) -> Etcd {
    Etcd {
        name: "etcd".to_owned(),
        path: "etcd".to_owned(),
        span: Sources::NOWHERE,
        image: image("quay.io/coreos/etcd:v3.6.14"),
        said_version: None,
        bootstrap: at(bootstrap),
        volume: None,
        client_port: at(2379),
        peer_port: at(2380),
        seat: seat(),
        config: BTreeMap::new(),
        additions: Additions::default(),
    }
}

pub(super) fn zookeeper() -> Zookeeper {
    Zookeeper {
        name: "zookeeper".to_owned(),
        path: "zookeeper".to_owned(),
        span: Sources::NOWHERE,
        image: image("zookeeper:3.8.6"),
        said_version: None,
        volume: None,
        log_volume: None,
        heap_mib: at(512),
        client_port: at(2181),
        peer_port: at(2888),
        election_port: at(3888),
        seat: seat(),
        admin_port: at(8080),
        metrics_port: at(7000),
        autopurge_hours: at(24),
        config: BTreeMap::new(),
        jvm: Jvm::default(),
        additions: Additions::default(),
    }
}

/// A broker beside the ZooKeeper of its own node.
pub(super) fn kafka() -> Kafka {
    Kafka {
        name: "kafka".to_owned(),
        path: "kafka".to_owned(),
        span: Sources::NOWHERE,
        image: image("confluentinc/cp-kafka:7.9.6"),
        said_version: None,
        mode: at(Mode::Zookeeper {
            ensemble: Ensemble::Of(Origin::Here),
            chroot: "/kafka".to_owned(),
        }),
        volume: None,
        heap_mib: at(2048),
        port: at(9092),
        seat: seat(),
        listeners: Vec::new(),
        config: BTreeMap::new(),
        topics: Vec::new(),
        jvm: Jvm::default(),
        additions: Additions::default(),
    }
}

pub(super) fn kraft() -> Kafka {
    Kafka {
        image: image("apache/kafka:4.3.1"),
        mode: at(Mode::Kraft { cluster_id: None, controller_port: at(9093), part: Part::Combined }),
        ..kafka()
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
