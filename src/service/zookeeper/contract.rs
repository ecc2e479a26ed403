//! What a written unit that runs ZooKeeper must get right, and the images there are.

use super::{tables, variables};
use crate::service::contract::{Contract, Gone, Image, MemberId, PeerList, Reads, tag};

/// The image to use.
pub const IMAGE: &str = "zookeeper:3.8.6";

/// Repositories whose tags are versions of ZooKeeper.
pub(super) const VERSIONED: &[&str] = &["library/zookeeper"];

pub(super) const CONTRACT: Contract = Contract {
    name: Some("ZooKeeper"),
    images: IMAGES,
    successors: &[("zookeeper", IMAGE), ("zk", IMAGE)],
    memory_unset: "each JVM takes a quarter of the machine's memory",
    member_ids: &[
        MemberId::number("ZOO_MY_ID"),
        MemberId::number("ZOO_SERVER_ID"),
        MemberId::number("ZOOKEEPER_SERVER_ID"),
    ],
    peer_lists: &[
        PeerList::new("ZOO_SERVERS"),
        PeerList::new("ZOOKEEPER_SERVERS"),
        PeerList::new("ZK_HOSTS"),
    ],
    reads: Some(Reads {
        table: || &tables::SETTINGS,
        version: |image| tag(image, VERSIONED),
        setting: |_, variable| Some(variables::setting(variable)?.to_owned()),
        variable: |_, setting| {
            let (variable, _) = variables::ALL.iter().find(|(_, name)| *name == setting)?;
            Some((*variable).to_owned())
        },
        by_flags: false,
        files: &[("zookeeper", "/conf/zoo.cfg")],
        others: tables::FAMILIES,
        starts: &["zkServer.sh"],
    }),
    ..Contract::NONE
};

/// Where the heap is set; `ZK_SERVER_HEAP` is read by ZooKeeper's own scripts, in every image.
const HEAP: &[&str] = &["JVMFLAGS", "ZK_SERVER_HEAP"];

const IMAGES: &[Image] = &[
    Image::new("zookeeper", &["/data", "/datalog"]).with_heap(HEAP),
    Image::new("confluentinc/cp-zookeeper", &["/var/lib/zookeeper"])
        .with_heap(&["KAFKA_HEAP_OPTS", "ZK_SERVER_HEAP"]),
    Image::new("wurstmeister/zookeeper", &["/opt/zookeeper-3.4.13/data"])
        .gone(Gone::WURSTMEISTER.instead("zookeeper", IMAGE)),
    Image::new("bitnami/zookeeper", &["/bitnami/zookeeper"]).with_heap(HEAP).gone(Gone::BITNAMI),
    Image::new("bitnamilegacy/zookeeper", &["/bitnami/zookeeper"])
        .with_heap(HEAP)
        .gone(Gone::BITNAMI),
];
