//! ZooKeeper: one server per node, in a container named like the instance (the official image `zookeeper`).
//!
//! The image writes `zoo.cfg` at each start from `ZOO_*`; it ignores `ZOO_MY_ID` once a volume holds `myid`, and
//! splits `ZOO_SERVERS` and `ZOO_CFG_EXTRA` at blanks.

mod checks;
pub mod contract;
mod environment;
mod keys;
mod known;
mod section;
mod tables;
mod validate;
mod variables;

use std::any::Any;

use super::declared::{Declared, Endpoint, Listener, Met, Quorum, Runs, VolumeUse};
use super::goodbye::{Farewell, Goodbye, stayer};
use super::kind::{Kind, Service};
use super::member::{
    CLIENTS, MEMBERS, MONITORING, Member, data_bind, directory, endpoint, every_node, listener,
    one_per_host,
};
use crate::diagnostic::Diagnostics;
use crate::model::{
    Confinement, Container, Deciding, IdentityFile, Membership, Network, Parts, Role, Run, Step,
    Task, When,
};
use crate::source::Spanned;

pub use section::Zookeeper;

/// uid and gid of the image's `zookeeper`.
const OWNER: u32 = 1000;

/// The kind.
pub static KIND: Kind = Kind {
    word: keys::SECTION.word,
    section: &keys::SECTION,
    name: "ZooKeeper",
    clients: "client_port",
    lower: |written, diags| Some(Box::new(section::read(written, diags)?)),
    checks: checks::CHECKS,
    contract: contract::CONTRACT,
};

impl Service for Zookeeper {
    fn declared(&self, role: &Role, _: &Met) -> Declared {
        let kept =
            |what: String, key: &str, volume: &Option<Spanned<String>>, path: String| VolumeUse {
                what,
                key: format!("{}.{key}", self.path),
                volume: volume.clone(),
                path,
                majority: true,
            };
        let data = directory(role, self.volume.as_ref(), &self.name, "data");
        let beside = self.log_volume.as_ref().or(self.volume.as_ref());
        let logs = directory(role, beside, &self.name, "datalog");
        let log = format!("{}'s transaction log", KIND.name);
        Declared {
            listeners: self.listeners(),
            volumes: vec![
                kept(KIND.name.to_owned(), "volume", &self.volume, data),
                kept(log, "log_volume", &self.log_volume, logs),
            ],
            reserved: vec![self.jvm.reserved(&self.name, &self.heap_mib)],
            quorum: Some(Quorum {
                service: KIND.name,
                voters: every_node(role),
                everyone: true,
                listed: true,
                span: self.span,
            }),
            units: ["", "-serving"]
                .map(|end| format!("{}{end}.service", self.name))
                .into_iter()
                .chain(Membership::units(&self.name))
                .collect(),
            endpoints: endpoint(role, "", &self.client_port, "")
                .map(|servers| Endpoint {
                    name: "ZooKeeperConnect",
                    description: "Connection string of ZooKeeper's clients",
                    servers,
                })
                .into_iter()
                .collect(),
            claims: Vec::new(),
            runs: Runs {
                image: self.image.value.to_string(),
                version: self.version().map(|version| version.value),
                feature_level: None,
                birth: self.seat.founder(role, &every_node(role)),
            },
            topics: Vec::new(),
        }
    }

    fn validate(&self, role: &Role, _: &Met, diags: &mut Diagnostics) {
        validate::validate(self, role, diags);
        known::validate(self, role, diags);
        self.seat.validate(&self.path, role, &every_node(role), diags);
    }

    fn expand(&self, member: Member<'_>, _: &Met) -> Parts {
        let mut parts = Parts {
            containers: vec![self.container(member)],
            seats: vec![self.seat(member)],
            ..Parts::default()
        };
        if !self.config.contains_key("4lw.commands.whitelist") {
            parts.tasks.push(self.serving(member));
        }
        parts
    }

    fn goodbye(&self, member: Member<'_>) -> Result<Goodbye, String> {
        let (role, name) = (member.role, &member.node.name.value);
        stayer(role, member.node).ok_or("no node stays that could take over")?;
        let replaced = format!(
            "Write the others without {name} into the profile, build, and replace them one by one, each once the one \
             before serves"
        );
        if role.nodes.len() % 2 == 1 {
            let after = vec![Farewell::new(replaced, [])];
            return Ok(Goodbye { before: Vec::new(), after });
        }
        // off first, it would leave no spare: of an even number more than half must be there
        let ask = format!(
            "bash -c 'exec 3<>/dev/tcp/localhost/{} && echo srvr >&3 && grep Mode <&3'",
            self.client_port.value
        );
        let before = vec![
            Farewell::new(
                format!(
                    "On {name}, see that it follows; where it leads, restart it and look again"
                ),
                [ask, format!("systemctl restart {}.service", self.name)],
            ),
            Farewell::new(format!("{replaced}, while {name} runs"), []),
        ];
        Ok(Goodbye { before, after: Vec::new() })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Zookeeper {
    fn listeners(&self) -> Vec<Listener> {
        let listener = |name: &str, port, audience| {
            listener(name, format!("{}.{name}_port", self.path), port, audience)
        };
        vec![
            listener("client", &self.client_port, CLIENTS),
            listener("peer", &self.peer_port, MEMBERS),
            listener("election", &self.election_port, MEMBERS),
            self.seat.listener(&self.path),
            listener("admin", &self.admin_port, MONITORING),
            listener("metrics", &self.metrics_port, MONITORING),
        ]
    }

    fn seat(&self, member: Member<'_>) -> Membership {
        let log = self.log_volume.as_ref().or(self.volume.as_ref());
        let data = directory(member.role, self.volume.as_ref(), &self.name, "data");
        let datalog = directory(member.role, log, &self.name, "datalog");
        let name = Spanned::new(self.name.clone(), self.span);
        let kind = ("zookeeper", include_str!("member.sh"));
        self.seat.of(member, name, kind, &every_node(member.role), vec![data, datalog])
    }

    fn container(&self, member: Member<'_>) -> Container {
        let data = member.directory(self.volume.as_ref(), &self.name, "data", self.span);
        let log = self.log_volume.as_ref().or(self.volume.as_ref());
        let log = member.directory(log, &self.name, "datalog", self.span);
        let dump = self.jvm.bind(self.volume.as_ref(), &self.name, OWNER, member);
        let own = [
            data_bind(data.clone(), "/data", OWNER, 0o750),
            data_bind(log, "/datalog", OWNER, 0o750),
        ];
        self.additions.onto(Container {
            name: Spanned::new(self.name.clone(), self.span),
            description: member.title("ZooKeeper server"),
            documentation: Some(
                "https://zookeeper.apache.org/doc/current/zookeeperAdmin.html".to_owned(),
            ),
            image: self.image.clone(),
            run: Run::Always,
            network: Network::Host,
            ports: self.listeners().iter().map(Listener::to_port).collect(),
            user: Some(format!("{OWNER}:{OWNER}")),
            entrypoint: None,
            args: Vec::new(),
            env: environment::environment(self, member),
            deciding: Some(Deciding {
                instance: self.name.clone(),
                forms: false,
                words: Vec::new(),
                takes_flags: false,
            }),
            guard: None,
            identity: Some(IdentityFile {
                path: format!("{}/myid", data.value),
                value: member.node.id.value.to_string(),
            }),
            secrets: Vec::new(),
            binds: own.into_iter().chain(dump).collect(),
            tmpfs: vec!["/logs".to_owned()],
            ulimits: vec!["nofile=65536:65536".to_owned()],
            memory_mib: None,
            health: None,
            labels: Vec::new(),
            confinement: Confinement::default(),
            stop_timeout: 60,
            ready_port: Some(self.client_port.value),
            ready_host: None,
            after: Vec::new(),
            requires: Vec::new(),
            wants: Vec::new(),
            placement: one_per_host(&self.name),
        })
    }

    fn serving(&self, member: Member<'_>) -> Task {
        Task {
            name: format!("{}-serving", self.name),
            description: format!(
                "Waits until ZooKeeper of cluster {} serves in a quorum",
                member.role.cluster.value
            ),
            container: self.name.clone(),
            steps: vec![Step::Hear { port: self.client_port.value, say: "srvr", line: "^Mode: " }],
            when: When::BeforeUpdates,
            place: Spanned::new((), self.span),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::service::sample;

    #[test]
    fn a_server_of_three() {
        let mut role = sample::role(3);
        let mut zookeeper = sample::zookeeper();
        zookeeper.config.insert("tickTime".to_owned(), sample::text("3000"));
        zookeeper.config.insert("weight.x:y".to_owned(), sample::text("C:\\ü"));
        role.zookeeper = Some(zookeeper);
        assert!(sample::codes(&role).is_empty());
        let parts = role.expand(2);
        let container = parts.containers.first().expect("zookeeper");
        let env: Vec<String> = container
            .env
            .iter()
            .map(|variable| {
                format!("{}={}", variable.name.value, sample::show(variable.value.on(0)))
            })
            .collect();
        assert_eq!(
            env,
            [
                "JVMFLAGS=-Xms512m -Xmx512m -XX:+ExitOnOutOfMemoryError -Dzookeeper.db.autocreate=false \
                 -XX:-HeapDumpOnOutOfMemoryError",
                "ZOO_4LW_COMMANDS_WHITELIST=srvr,ruok,mntr",
                "ZOO_AUTOPURGE_PURGEINTERVAL=24",
                "ZOO_CFG_EXTRA=admin.serverPort=8080 \
                 metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider \
                 metricsProvider.httpPort=7000 tickTime=3000 weight.x\\:y=C:\\\\\\u00FC",
                "ZOO_MY_ID=3",
                "ZOO_SERVERS=server.1=kafka-1.kafka.internal:2888:3888;2181 \
                 server.2=kafka-2.kafka.internal:2888:3888;2181 \
                 server.3=kafka-3.kafka.internal:2888:3888;2181",
                "ZOO_STANDALONE_ENABLED=false",
            ]
        );
        for variable in &container.env {
            let name = &variable.name.value;
            assert!(super::environment::owner(name, "zookeeper").is_some(), "{name}");
        }
        let identity = container.identity.as_ref().map(|file| (&*file.path, &*file.value));
        assert_eq!(identity, Some(("/var/lib/zookeeper/data/myid", "3")));
        assert_eq!(container.description, "ZooKeeper server 3 of cluster kafka on kafka-3");
    }

    #[test]
    fn findings() {
        let mut role = sample::shared(3);
        role.zookeeper = Some(sample::zookeeper());
        assert_eq!(sample::codes(&role), ["zookeeper-needs-pinned"]);

        let mut role = sample::role(3);
        let mut zookeeper = sample::zookeeper();
        zookeeper.image = sample::image("zookeeper:3.4.14");
        zookeeper.config.insert("clientPort".to_owned(), sample::text("2181"));
        zookeeper.config.insert("authProvider.1".to_owned(), sample::text("a b"));
        role.zookeeper = Some(zookeeper);
        if let Some(node) = role.bare.nodes.first_mut() {
            node.id = sample::at(300);
            node.address = None;
        }
        assert_eq!(
            sample::codes(&role),
            [
                "zookeeper-address-missing",
                "zookeeper-config-blank",
                "zookeeper-config-owned",
                "zookeeper-id-out-of-range",
                "zookeeper-image-too-old",
            ]
        );
    }
}
