//! What etcd, ZooKeeper and Kafka are on one node: containers, tasks, files and kernel settings.
//!
//! One folder per kind, each knowing its image's contract and its protocol. What others may know of a service is what
//! it declares. Operating systems and output formats are not known here.

pub mod catalogue;
mod claim;
mod claims;
pub mod container;
pub mod contract;
mod declared;
pub mod etcd;
pub mod exhibitor;
mod goodbye;
mod judged;
mod jvm;
pub mod kafka;
mod kind;
mod lower;
mod member;
mod moves;
mod properties;
mod relations;
#[cfg(test)]
mod sample;
mod seat;
mod services;
mod unsafe_settings;
mod written;
pub mod zookeeper;

pub use claim::{Claim, NODE_ID, Taken, UPDATE_WINDOW};
pub use claims::Claims;
pub use declared::{
    Answer, Declared, Endpoint, Listener, Met, Need, Offer, Origin, Quorum, Reserved, Setting,
    VolumeUse,
};
pub use goodbye::{Farewell, Goodbye};
pub use kind::{Check, Kind, Seen, Service};
pub use lower::lower;
pub use member::Member;
pub use moves::{Asked, Holding, Moves, Planned};
pub use relations::validate;
pub use services::{Instance, Services};

/// Every kind of service, in the order in which those of one node start: the only list of services there is.
pub const KINDS: &[&Kind] = &[&etcd::KIND, &zookeeper::KIND, &kafka::KIND];
