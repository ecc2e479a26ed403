//! What a service says about itself: all that generic code may ask. Nothing outside a kind's folder names a service.

use std::collections::BTreeMap;

use super::claim::Claim;
use crate::model::{Audiences, PerNode, Text};
use crate::profile::Value;
use crate::source::{Span, Spanned};

/// What one service of a role declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Everything it listens on, the ports of its own keys first.
    pub listeners: Vec<Listener>,
    /// Where it keeps what.
    pub volumes: Vec<VolumeUse>,
    /// Who votes, where it decides by majority.
    pub quorum: Option<Quorum>,
    /// Names of all units it may make on any node.
    pub units: Vec<String>,
    /// What clients connect to; none where a node's address is not known.
    pub endpoints: Vec<Endpoint>,
    /// What no other service of the workspace may have.
    pub claims: Vec<Claim>,
    /// What it runs.
    pub runs: Runs,
    /// What it is told to keep, where it keeps something by name.
    pub topics: Vec<Topic>,
    /// Memory that it takes on each of its nodes, whatever it is used for.
    pub reserved: Vec<Reserved>,
}

/// Memory that is taken as a server starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// What takes it, as "the heap of kafka".
    pub what: String,
    /// How much, with the place that says so.
    pub mib: Spanned<u64>,
}

/// The server that a service runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    /// Its image, as it is pulled.
    pub image: String,
    /// Its version, where that is known.
    pub version: Option<(u32, u32)>,
    /// The level of features that its cluster is born with, where it has such.
    pub feature_level: Option<(u32, u32)>,
    /// Id of the node that founds its cluster, where one does.
    pub birth: Option<u32>,
}

/// What a service is told to keep under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The name.
    pub name: String,
    /// Into how many parts it is split.
    pub partitions: u32,
    /// How many copies there are of each.
    pub replication_factor: u32,
    /// Its own settings.
    pub config: BTreeMap<String, String>,
}

/// A port that a service listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// What for, as `client`; the instance's own name for its main port.
    pub name: String,
    /// The number, with its place in the profile or in the defaults.
    pub port: Spanned<u16>,
    /// The key that sets it, as `zookeeper.client_port`.
    pub key: String,
    /// Who may reach it.
    pub audience: Audiences,
    /// Whether it comes from the service's free-form settings, not from a key of its own.
    pub configured: bool,
    /// The nodes that listen, by name; all of the role where `None`.
    pub nodes: Option<Vec<String>>,
}

/// A directory that a service keeps something in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeUse {
    /// What is kept, as "ZooKeeper's transaction log".
    pub what: String,
    /// The key that names the volume.
    pub key: String,
    /// The volume it names; the root disk where `None`.
    pub volume: Option<Spanned<String>>,
    /// The directory on the host, the same on every node.
    pub path: String,
    /// Whether all of it is lost with a majority of the members: nobody else has a copy.
    pub majority: bool,
}

/// A service that stops once less than a majority of its voters is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// What decides, for people, as "KRaft".
    pub service: &'static str,
    /// Who votes, by the names of nodes.
    pub voters: Vec<String>,
    /// Whether every node of the role votes, however many there are.
    pub everyone: bool,
    /// Whether each voter has a list of all from its config, and who is not on it has no vote; else they let each other
    /// in.
    pub listed: bool,
    /// Where it is asked for.
    pub span: Span,
}

/// The servers of one service, as a client's own setting takes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Name, letters only.
    pub name: &'static str,
    pub description: &'static str,
    /// The servers, separated by commas.
    pub servers: String,
}

/// A value of the user's that a service passes on without knowing its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The whole key, as `kafka.config.ssl.keystore.password`.
    pub key: String,
    /// Its name alone.
    pub name: String,
    /// Its value, which knows whether it is secret.
    pub value: PerNode<Text>,
    /// Where the value is written.
    pub span: Span,
    /// Whether the profile chose the name, so that only the name tells what the value is.
    pub free: bool,
    /// Whether a machine can fetch it at boot, for the environment or a file of the container.
    pub fetched: bool,
}

/// Another service that one needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Its kind, by word.
    pub kind: &'static str,
    /// Whose it is.
    pub from: Origin,
}

/// Whose service is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// This role's own.
    Here,
    /// Another role's, where it is named.
    Role(Spanned<String>),
}

/// A service that others may refer to.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Its kind, by word.
    pub kind: &'static str,
    /// Name of the instance, and of its unit without `.service`.
    pub instance: String,
    /// Port of its clients.
    pub port: Spanned<u16>,
    /// `host:port` of every node whose address is known.
    pub servers: Vec<Spanned<String>>,
    /// The cluster of its nodes.
    pub cluster: String,
    /// Id and address of every node that has one.
    pub nodes: Vec<(u32, String)>,
    /// Its section, for those who know the kind.
    pub section: Value,
}

/// What became of one need.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Offer(Box<Offer>),
    /// There is no such service.
    Missing,
    /// There is one, and what keeps others from it has been reported.
    Reported,
}

/// What became of a service's needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Met {
    /// One for each need, in their order.
    pub answers: Vec<Answer>,
    /// Everything that services of this role offer.
    pub here: Vec<Offer>,
}

impl Met {
    /// Returns what meets the first need.
    pub fn first(&self) -> Option<&Offer> {
        match self.answers.first()? {
            Answer::Offer(offer) => Some(offer),
            Answer::Missing | Answer::Reported => None,
        }
    }

    /// Returns the service of a kind in this role.
    pub fn beside(&self, kind: &str) -> Option<&Offer> {
        self.here.iter().find(|offer| offer.kind == kind)
    }
}
