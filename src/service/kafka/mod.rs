//! Kafka: one broker per node, in a container named like the instance, its topics, and the gate that holds back
//! reboots.
//!
//! In ZooKeeper mode the image is Confluent's `cp-kafka` 7, driven by `KAFKA_*`. In KRaft mode it is `apache/kafka`
//! with a rendered `server.properties`: its own start script formats whatever it finds and knows no quorum of three.

mod agreement;
mod authorizer;
mod broker;
mod checks;
mod configuration;
mod contract;
mod ensemble;
mod environment;
mod goodbye;
mod image;
mod keys;
mod known;
mod kraft;
mod listeners;
mod logging;
mod pairs;
mod quorum;
mod rebalance;
mod replication;
mod section;
mod settings;
mod tables;
mod topics;
mod variable;
mod versions;
mod zookeeper;

use std::any::Any;

use super::claim::Claim;
use super::declared::{self, Declared, Endpoint, Listener, Met, Need, Origin, Runs, VolumeUse};
use super::goodbye::Goodbye;
use super::kind::{Kind, Service};
use super::member::{CLIENTS, MEMBERS, Member, configured, directory, endpoint, listener};
use super::moves::{Asked, Moves};
use crate::diagnostic::Diagnostics;
use crate::model::{Identity, Membership, Parts, Port, Role};
use crate::source::Spanned;
pub use broker::{Ensemble, Kafka, Mode, Part, Topic};

/// The kind.
pub static KIND: Kind = Kind {
    word: keys::SECTION.word,
    section: &keys::SECTION,
    name: "Kafka",
    clients: "port",
    lower: |written, diags| Some(Box::new(section::read(written, diags)?)),
    checks: checks::CHECKS,
    contract: contract::CONTRACT,
};

/// What the kernel needs for many mapped segments and a large page cache.
const SYSCTL: [(&str, &str); 4] = [
    ("vm.max_map_count", "262144"),
    ("vm.swappiness", "1"),
    ("vm.dirty_background_ratio", "5"),
    ("vm.dirty_ratio", "80"),
];

impl Service for Kafka {
    fn declared(&self, role: &Role, met: &Met) -> Declared {
        let opened = self
            .config
            .get("listeners")
            .map(|value| configured(&format!("{}.config.listeners", self.path), &self.name, value));
        let formats = matches!(self.mode.value, Mode::Kraft { .. });
        let votes = self.quorum(role).is_some();
        let units = [
            (".service", true),
            ("-format.service", formats),
            ("-voter.service", votes && !kraft::joins_by_itself(self)),
            ("-topics.service", !self.topics.is_empty()),
            ("-caught-up.service", true),
        ];
        let units = units.into_iter().filter(|(_, made)| *made);
        Declared {
            listeners: self
                .listeners(role)
                .into_iter()
                .chain(opened.into_iter().flatten())
                .collect(),
            volumes: vec![VolumeUse {
                what: if votes { "KRaft metadata" } else { "Kafka's log" }.to_owned(),
                key: format!("{}.volume", self.path),
                volume: self.volume.clone(),
                path: directory(role, self.volume.as_ref(), &self.name, "data"),
                majority: votes,
            }],
            quorum: self.quorum(role).map(|quorum| declared::Quorum {
                service: "KRaft",
                voters: quorum.names(),
                everyone: quorum.alone,
                listed: false,
                span: self.mode.span,
            }),
            units: units
                .map(|(end, _)| format!("{}{end}", self.name))
                .chain(Membership::units(&self.name).into_iter().filter(|_| formats))
                .collect(),
            endpoints: self.endpoints(role, met),
            claims: self.claims(met),
            runs: Runs {
                image: self.image.value.to_string(),
                version: self.kafka_version().map(|version| version.value),
                feature_level: self.kafka_version().map(|it| it.value).filter(|_| formats),
                birth: self
                    .quorum(role)
                    .and_then(|quorum| self.seat.founder(role, &quorum.names())),
            },
            topics: self.topics.iter().map(Topic::declared).collect(),
            reserved: vec![self.jvm.reserved(&self.name, &self.heap_mib)],
        }
    }

    fn needs(&self) -> Vec<Need> {
        self.need().into_iter().collect()
    }

    fn validate(&self, role: &Role, met: &Met, diags: &mut Diagnostics) {
        image::validate(self, diags);
        authorizer::validate(self, diags);
        configuration::validate(self, diags);
        if self.alone().is_none() {
            agreement::validate(self, role, diags);
            replication::validate(self, role, diags);
        }
        ensemble::validate(self, role, met, diags);
        topics::validate(self, diags);
        known::validate(self, role, diags);
        pairs::validate(self, diags);
        self.additions.validate(&self.path, |name| environment::owner(name, self), diags);
        self.additions.holds(&self.path, &self.heap_mib, diags);
        match self.mode.value {
            Mode::Kraft { .. } => kraft::validate(self, role, met, diags),
            Mode::Zookeeper { .. } => {
                let why = "brokers on ZooKeeper have no vote";
                self.seat.refuse_birth(&self.path, why, self.mode.span, diags);
            }
        }
    }

    fn expand(&self, member: Member<'_>, met: &Met) -> Parts {
        let ports = self.ports(member);
        let mut made = match &self.mode.value {
            Mode::Zookeeper { ensemble: _, chroot } => Parts {
                containers: vec![zookeeper::broker(self, chroot, ports, member, met)],
                ..Parts::default()
            },
            Mode::Kraft { .. } => kraft::found(self, member.role, met)
                .map(|controllers| kraft::expand(self, &controllers, ports, member))
                .unwrap_or_default(),
        };
        topics::expand(self, member, &mut made);
        let (host, port) = self.local(member);
        if let Some(broker) = made.containers.iter_mut().find(|it| it.name.value == self.name) {
            broker.ready_port = Some(port);
            broker.ready_host = Some(host).filter(|host| host != "localhost");
        }
        made.sysctl.extend(SYSCTL.map(|(name, value)| (name.to_owned(), value.to_owned())));
        made
    }

    fn goodbye(&self, member: Member<'_>) -> Result<Goodbye, String> {
        goodbye::steps(self, member)
    }

    fn moves(&self, role: &Role, asked: &Asked<'_>) -> Option<Result<Moves, String>> {
        let moving = self.moving(role)?;
        if role.identity.value == Identity::Shared {
            let why =
                "its nodes share one config, so that the ids of its brokers are not known here";
            return Some(Err(why.to_owned()));
        }
        Some(match asked.held {
            None => Ok(Moves::Asks { node: moving.node, command: moving.describe }),
            Some(held) => rebalance::planned(moving, held, asked),
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Kafka {
    /// Returns what is no other cluster's: its path in each server of its ZooKeeper, or the id it is given.
    fn claims(&self, met: &Met) -> Vec<Claim> {
        let (chroot, span) = match &self.mode.value {
            Mode::Kraft { part: Part::Brokers(role), .. } => {
                let Some(offer) = met.first() else { return Vec::new() };
                let what = format!("{}/{}", role.value, offer.instance);
                return vec![Claim { code: "kafka-controllers-shared", what, span: role.span }];
            }
            Mode::Kraft { cluster_id, .. } => {
                let claim = |id: &Spanned<String>| Claim {
                    code: "kafka-cluster-id-shared",
                    what: id.value.clone(),
                    span: id.span,
                };
                return cluster_id.iter().map(claim).collect();
            }
            Mode::Zookeeper { ensemble: Ensemble::Of(Origin::Role(role)), chroot } => {
                (chroot, role.span)
            }
            Mode::Zookeeper { ensemble: Ensemble::Servers(servers), chroot } => {
                (chroot, servers.first().map_or(self.span, |server| server.span))
            }
            Mode::Zookeeper { ensemble: Ensemble::Of(Origin::Here), chroot } => (chroot, self.span),
        };
        let claim = |server: &Spanned<String>| Claim {
            code: "kafka-ensemble-shared",
            what: format!("{}{chroot}", server.value),
            span,
        };
        self.servers(met).iter().map(claim).collect()
    }

    fn listeners(&self, role: &Role) -> Vec<Listener> {
        let path = &self.path;
        if let (Mode::Kraft { controller_port, .. }, Some(_)) = (&self.mode.value, self.alone()) {
            // the brokers, which other nodes are, are its clients
            let key = format!("{path}.controller_port");
            let member = self.seat.listener(path);
            return vec![
                listener("controller", key, controller_port, CLIENTS),
                listener(&member.name, member.key, &member.port, CLIENTS),
            ];
        }
        let main = listener(&self.name, format!("{path}.port"), &self.port, CLIENTS);
        let said = self.listeners.iter().find(|it| it.port.value == self.port.value);
        let audience = said.map_or(main.audience.clone(), |it| it.audience.clone());
        let mut all = vec![Listener { audience, ..main }];
        let others = self.listeners.iter().filter(|it| said != Some(*it));
        all.extend(others.map(|it| Listener {
            audience: it.audience.clone(),
            ..listener(
                &it.name.value.to_ascii_lowercase(),
                format!("{path}.listeners.{}.port", it.name.value),
                &it.port,
                CLIENTS,
            )
        }));
        if let Mode::Kraft { controller_port, .. } = &self.mode.value {
            if let Some(quorum) = self.quorum(role) {
                let key = format!("{path}.controller_port");
                let controller = listener("controller", key, controller_port, MEMBERS);
                all.push(Listener { nodes: Some(quorum.names()), ..controller });
            }
            all.push(self.seat.listener(path));
        }
        all
    }

    /// Returns what the broker of one node listens on.
    fn ports(&self, member: Member<'_>) -> Vec<Port> {
        let name = &member.node.name.value;
        let here =
            |listener: &Listener| listener.nodes.as_ref().is_none_or(|nodes| nodes.contains(name));
        let listeners = self.listeners(member.role);
        listeners.iter().filter(|listener| here(listener)).map(Listener::to_port).collect()
    }

    /// Returns what clients connect to: its own brokers, and the ZooKeeper beside them with the path that is its own.
    fn endpoints(&self, role: &Role, met: &Met) -> Vec<Endpoint> {
        if let (Some(quorum), Some(_)) = (self.quorum(role), self.alone()) {
            let known = role.nodes.iter().all(|node| node.address.is_some());
            let controllers = Endpoint {
                name: "BootstrapControllers",
                description: "bootstrap.controllers of Kafka's tools",
                servers: quorum.endpoints(),
            };
            return Some(controllers).filter(|_| known).into_iter().collect();
        }
        let brokers = self.bootstrap(role).map(|servers| Endpoint {
            name: "BootstrapServers",
            description: "bootstrap.servers of Kafka's clients",
            servers,
        });
        let beside = match (&self.mode.value, self.beside(met).and(met.first())) {
            (Mode::Zookeeper { chroot, .. }, Some(offer)) => {
                endpoint(role, "", &offer.port, chroot).map(|servers| Endpoint {
                    name: "ZooKeeperConnect",
                    description: "Connection string of ZooKeeper's clients",
                    servers,
                })
            }
            (Mode::Zookeeper { .. } | Mode::Kraft { .. }, _) => None,
        };
        brokers.into_iter().chain(beside).collect()
    }

    /// Returns where clients find the brokers; `None` where that of a node is not known.
    fn bootstrap(&self, role: &Role) -> Option<String> {
        let server = |position| {
            let member = Member::of(role, position)?;
            let main = self.bound(member).into_iter().find(|it| it.port == self.port.value)?;
            let sent = self.advertised(member).into_iter().find(|it| it.name == main.name)?;
            Some(format!("{}:{}", sent.host.plain()?, sent.port))
        };
        let servers: Option<Vec<String>> = (0..role.nodes.len()).map(server).collect();
        Some(servers?.join(","))
    }
}
