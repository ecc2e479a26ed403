//! A Kafka broker on every node: what a profile says of it, valid by itself.

use std::collections::BTreeMap;

use super::super::container::Additions;
use super::super::declared::{Met, Need, Origin};
use super::super::jvm::Jvm;
use super::super::kind::Seen;
use super::super::member::{Member, data_bind, one_per_host, variable};
use super::super::seat::Seat;
use super::super::written::{Settings, version_of};
use super::versions::VERSIONED;
use crate::model::{
    Audiences, Bind, Confinement, Container, Image, Network, PerNode, Run, Text, Variable,
};
use crate::source::{Span, Spanned};

/// The log directory inside either image: exactly the path they declare as a volume.
pub(super) const LOG_DIRS: &str = "/var/lib/kafka/data";

/// uid and gid of `appuser` in either image.
pub(super) const OWNER: u32 = 1000;

/// A Kafka broker on every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kafka {
    /// Name of the instance, of its container and of its unit.
    pub name: String,
    /// Where the section is in the profile.
    pub path: String,
    /// Where the section is written.
    pub span: Span,
    pub image: Spanned<Image>,
    /// Its version, where the profile says it.
    pub said_version: Option<Spanned<(u32, u32)>>,
    /// Where metadata lives.
    pub mode: Spanned<Mode>,
    /// Volume of the log; the root disk where `None`.
    pub volume: Option<Spanned<String>>,
    pub heap_mib: Spanned<u64>,
    /// Port of the listener for clients and brokers.
    pub port: Spanned<u16>,
    /// Its seat among the nodes, in KRaft mode.
    pub seat: Seat,
    /// What it listens on, where the section says it.
    pub listeners: Vec<Listener>,
    /// Broker properties, dotted names as in `server.properties`.
    pub config: Settings,
    /// Topics made once the brokers are up.
    pub topics: Vec<Topic>,
    /// What its JVM is told besides.
    pub jvm: Jvm,
    /// What the profile adds to the broker's container.
    pub additions: Additions,
}

/// Where a broker keeps its metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// In ZooKeeper, up to Kafka 3.9.
    Zookeeper {
        /// Who serves it.
        ensemble: Ensemble,
        /// Path below which this cluster lives, with its slash; may be empty.
        chroot: String,
    },
    /// In a quorum of controllers.
    Kraft {
        /// 22 characters of base64url; drawn at birth where `None`.
        cluster_id: Option<Spanned<String>>,
        controller_port: Spanned<u16>,
        part: Part,
    },
}

/// Which part of a KRaft cluster the nodes of a role are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Brokers; those of the lowest ids are controllers as well, see `controllers`.
    Combined,
    /// Controllers alone, for the brokers of other roles.
    Controllers {
        /// Where it is said.
        said: Span,
    },
    /// Brokers alone, of the controllers of this role.
    Brokers(Spanned<String>),
}

/// The ZooKeeper of a broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ensemble {
    /// `host:port` of every server, as the profile lists them; at least one.
    Servers(Vec<Spanned<String>>),
    /// A ZooKeeper that some profile describes.
    Of(Origin),
}

/// A listener as the section declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    pub name: Spanned<String>,
    pub port: Spanned<u16>,
    /// Who may reach it.
    pub audience: Audiences,
    /// The host it listens on; every address where `None`.
    pub bind: Option<Spanned<PerNode<Text>>>,
    /// The host its clients are sent to; the node's address where `None`.
    pub advertise: Option<Spanned<PerNode<Text>>>,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    pub name: Spanned<String>,
    pub partitions: Spanned<u32>,
    /// Copies of each.
    pub replication_factor: Spanned<u32>,
    /// Properties of the topic.
    pub config: BTreeMap<String, Spanned<String>>,
}

/// Returns how many of a role's nodes, of the lowest ids, are controllers of a KRaft quorum.
///
/// Three, as Kafka's manual recommends, and one where three cannot be had: a second would only add a way to lose the
/// majority. The others are brokers alone, so that a cluster grows without a change to its voters.
pub(super) fn controllers(nodes: usize) -> usize {
    if nodes >= 3 { 3 } else { nodes.min(1) }
}

impl Topic {
    /// Returns it as generic code knows it.
    pub(super) fn declared(&self) -> super::super::declared::Topic {
        super::super::declared::Topic {
            name: self.name.value.clone(),
            partitions: self.partitions.value,
            replication_factor: self.replication_factor.value,
            config: self
                .config
                .iter()
                .map(|(name, value)| (name.clone(), value.value.clone()))
                .collect(),
        }
    }
}

impl Kafka {
    /// Returns the service that a check looks at, as what it is.
    pub(super) fn of<'a>(seen: &Seen<'a>) -> Option<&'a Self> {
        seen.service.as_any().downcast_ref()
    }

    /// Returns the service where its nodes are brokers.
    pub(super) fn brokers<'a>(seen: &Seen<'a>) -> Option<&'a Self> {
        Self::of(seen).filter(|kafka| kafka.alone().is_none())
    }

    /// Returns which part of a KRaft cluster its nodes are; `None` in ZooKeeper mode.
    pub(super) fn part(&self) -> Option<&Part> {
        match &self.mode.value {
            Mode::Kraft { part, .. } => Some(part),
            Mode::Zookeeper { .. } => None,
        }
    }

    /// Returns where it is said that its nodes are controllers alone, if they are.
    pub(super) fn alone(&self) -> Option<Span> {
        match self.part() {
            Some(Part::Controllers { said }) => Some(*said),
            Some(Part::Combined | Part::Brokers(_)) | None => None,
        }
    }

    /// Returns the port of KRaft's controllers.
    pub(super) fn controller_port(&self) -> Option<u16> {
        match &self.mode.value {
            Mode::Kraft { controller_port, .. } => Some(controller_port.value),
            Mode::Zookeeper { .. } => None,
        }
    }

    /// Returns its version, where that is known.
    pub(super) fn version(&self) -> Option<Spanned<(u32, u32)>> {
        version_of(self.said_version.as_ref(), &self.image, VERSIONED)
    }

    /// Returns the ZooKeeper, or the controllers, that it needs of some profile.
    pub(super) fn need(&self) -> Option<Need> {
        match &self.mode.value {
            Mode::Zookeeper { ensemble: Ensemble::Of(from), .. } => {
                Some(Need { kind: "zookeeper", from: from.clone() })
            }
            Mode::Kraft { part: Part::Brokers(role), .. } => {
                Some(Need { kind: "kafka", from: Origin::Role(role.clone()) })
            }
            Mode::Zookeeper { ensemble: Ensemble::Servers(_), .. } | Mode::Kraft { .. } => None,
        }
    }

    /// Returns `host:port` of every server of its ZooKeeper; none in KRaft mode, and where the need is not met.
    pub(super) fn servers<'a>(&'a self, met: &'a Met) -> &'a [Spanned<String>] {
        match &self.mode.value {
            Mode::Zookeeper { ensemble: Ensemble::Servers(servers), .. } => servers,
            Mode::Zookeeper { ensemble: Ensemble::Of(_), .. } => {
                met.first().map(|offer| offer.servers.as_slice()).unwrap_or_default()
            }
            Mode::Kraft { .. } => &[],
        }
    }

    /// Returns the instance of the ZooKeeper whose servers are on the same nodes, if they are.
    pub(super) fn beside<'a>(&self, met: &'a Met) -> Option<&'a str> {
        match &self.mode.value {
            Mode::Zookeeper { ensemble: Ensemble::Of(Origin::Here), .. } => {
                met.first().map(|offer| offer.instance.as_str())
            }
            Mode::Zookeeper { .. } | Mode::Kraft { .. } => None,
        }
    }

    /// Returns what a container of the broker is in either mode; the modes fill in the rest.
    pub(super) fn container(&self, name: &str, member: Member<'_>) -> Container {
        Container {
            name: Spanned::new(name.to_owned(), self.span),
            description: String::new(),
            documentation: Some("https://kafka.apache.org/documentation/#operations".to_owned()),
            image: self.image.clone(),
            run: Run::Always,
            network: Network::Host,
            ports: Vec::new(),
            user: Some(format!("{OWNER}:{OWNER}")),
            entrypoint: None,
            args: Vec::new(),
            env: Vec::new(),
            secrets: Vec::new(),
            binds: vec![self.data(member)],
            tmpfs: Vec::new(),
            ulimits: vec!["nofile=128000:128000".to_owned()],
            memory_mib: None,
            health: None,
            labels: Vec::new(),
            confinement: Confinement::default(),
            // A controlled shutdown moves every leader away first.
            stop_timeout: 170,
            ready_port: None,
            ready_host: None,
            after: Vec::new(),
            requires: Vec::new(),
            wants: Vec::new(),
            identity: None,
            deciding: None,
            guard: None,
            placement: one_per_host(name),
        }
    }

    fn data(&self, member: Member<'_>) -> Bind {
        let from = member.directory(self.volume.as_ref(), &self.name, "data", self.span);
        data_bind(from, LOG_DIRS, OWNER, 0o750)
    }

    /// Returns the variables both images' start scripts make the broker's command line of.
    ///
    /// The heap comes first there and `KAFKA_OPTS` last, so that the profile's own options win.
    pub(super) fn java(&self) -> Vec<Variable> {
        let plain = |name: &str, value: String| variable(name, Text::literal(value), self.span);
        let heap = Text::literal(self.jvm.memory(&self.heap_mib));
        let mut all = vec![variable("KAFKA_HEAP_OPTS", heap, self.heap_mib.span)];
        if self.jvm.collects() {
            let without = "-server -Djava.awt.headless=true".to_owned();
            all.push(plain("KAFKA_JVM_PERFORMANCE_OPTS", without));
        }
        all.extend(self.jvm.options().map(|options| plain("KAFKA_OPTS", options)));
        all
    }

    /// Returns the broker's container with what the profile adds to it.
    pub(super) fn complete(&self, mut container: Container, member: Member<'_>) -> Container {
        let dump = self.jvm.bind(self.volume.as_ref(), &self.name, OWNER, member);
        container.binds.extend(dump);
        self.additions.onto(container)
    }
}
