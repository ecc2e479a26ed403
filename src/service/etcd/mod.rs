//! etcd: one member per node, in a container named like the instance (image `quay.io/coreos/etcd`).
//!
//! Everything is said in flags, never in `ETCD_*` variables: an etcd too old or too new for a flag refuses to
//! start, whereas one that does not know a variable warns and comes up as a healthy cluster of one.

mod checks;
mod contract;
mod discovery;
mod flags;
mod keys;
mod known;
mod owned;
mod section;
mod tables;
mod variable;

use std::any::Any;

use super::claim::Claim;
use super::declared::{Declared, Listener, Met, Quorum, Runs, VolumeUse};
use super::goodbye::{Farewell, Goodbye, stayer};
use super::kind::{Kind, Service};
use super::member::{
    CLIENTS, MEMBERS, Member, configured, data_bind, directory, endpoint, every_node, host,
    listener, one_per_host, without_address,
};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::StackValue;
use crate::model::{
    Confinement, Container, Deciding, Identity, Membership, Network, Parts, Role, Run, StackFact,
    Step, Task, When,
};
use crate::source::{Edit, Span, Spanned};

use flags::DATA;
pub use section::{Bootstrap, Etcd};

/// The kind.
pub static KIND: Kind = Kind {
    word: keys::SECTION.word,
    section: &keys::SECTION,
    name: "etcd",
    clients: "client_port",
    lower: |written, diags| Some(Box::new(section::read(written, diags)?)),
    checks: checks::CHECKS,
    contract: contract::CONTRACT,
};

impl Service for Etcd {
    fn declared(&self, role: &Role, _: &Met) -> Declared {
        let opened = self.config.get_key_value("listen-metrics-urls");
        let opened = opened.into_iter().flat_map(|(name, value)| {
            configured(&format!("{}.config.{name}", self.path), &self.name, value)
        });
        Declared {
            listeners: self.listeners().into_iter().chain(opened).collect(),
            volumes: vec![VolumeUse {
                what: KIND.name.to_owned(),
                key: format!("{}.volume", self.path),
                volume: self.volume.clone(),
                path: directory(role, self.volume.as_ref(), &self.name, "data"),
                majority: true,
            }],
            quorum: Some(Quorum {
                service: KIND.name,
                voters: every_node(role),
                everyone: true,
                listed: false,
                span: self.span,
            }),
            units: [self.unit(""), self.unit("-healthy")]
                .into_iter()
                .chain(Membership::units(&self.name))
                .collect(),
            endpoints: endpoint(role, "http://", &self.client_port, "")
                .map(|servers| super::declared::Endpoint {
                    name: "EtcdEndpoints",
                    description: "Endpoints of etcd's clients",
                    servers,
                })
                .into_iter()
                .collect(),
            claims: self.token().into_iter().collect(),
            runs: Runs {
                image: self.image.value.to_string(),
                version: self.version().map(|version| version.value),
                feature_level: None,
                birth: match self.bootstrap.value {
                    Bootstrap::Static => self.seat.founder(role, &every_node(role)),
                    Bootstrap::DiscoveryV2 { .. } | Bootstrap::DiscoveryV3 { .. } => None,
                },
            },
            topics: Vec::new(),
            reserved: Vec::new(),
        }
    }

    fn validate(&self, role: &Role, _: &Met, diags: &mut Diagnostics) {
        match &self.bootstrap.value {
            Bootstrap::DiscoveryV2 { .. } | Bootstrap::DiscoveryV3 { .. } => {
                discovery::validate(self, role, diags);
            }
            Bootstrap::Static => addressed(self, role, diags),
        }
        match &self.bootstrap.value {
            Bootstrap::Static => self.seat.validate(&self.path, role, &every_node(role), diags),
            Bootstrap::DiscoveryV2 { .. } | Bootstrap::DiscoveryV3 { .. } => {
                let why = "the members find each other by a token";
                self.seat.refuse_birth(&self.path, why, self.bootstrap.span, diags);
            }
        }
        self.additions.validate(&self.path, |name| owned::variable(name, &self.path), diags);
        for (name, value) in &self.config {
            if !owned::validate(name, value.span, self, diags) {
                flag(name, value.span, diags);
            }
        }
        known::validate(self, role, diags);
    }

    fn expand(&self, member: Member<'_>, _: &Met) -> Parts {
        let mut parts = Parts {
            containers: vec![self.container(member)],
            seats: vec![self.seat(member)],
            ..Parts::default()
        };
        if let (Bootstrap::DiscoveryV2 { url }, true) = (&self.bootstrap.value, member.has_stack())
        {
            parts.late.push(StackValue {
                fact: StackFact::Parameter(&flags::DISCOVERY_URL),
                now: url.clone(),
            });
        }
        parts.tasks.push(self.healthy(member));
        parts
    }

    fn goodbye(&self, member: Member<'_>) -> Result<Goodbye, String> {
        let (role, name) = (member.role, &member.node.name.value);
        let other = stayer(role, member.node).ok_or("no node stays that could take over")?;
        let reached = host(other).unwrap_or_else(|| "localhost".to_owned());
        let ask = format!("curl -s http://{reached}:{}/v3/cluster/member", self.client_port.value);
        let after = vec![Farewell::new(
            format!(
                "On {}, read ID, that of the member `{name}`, and take it out; where it is refused as unhealthy, \
                 wait some seconds",
                other.name.value
            ),
            [format!("{ask}/list -d '{{}}'"), format!("{ask}/remove -d '{{\"ID\":\"ID\"}}'")],
        )];
        Ok(Goodbye { before: Vec::new(), after })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Etcd {
    fn unit(&self, end: &str) -> String {
        format!("{}{end}.service", self.name)
    }

    /// Returns the token that only its members may register with.
    fn token(&self) -> Option<Claim> {
        let what = match &self.bootstrap.value {
            Bootstrap::DiscoveryV2 { url } => url.trim_end_matches('/').to_owned(),
            Bootstrap::DiscoveryV3 { token, endpoints } => {
                let mut endpoints: Vec<&str> =
                    endpoints.iter().map(|endpoint| endpoint.value.as_str()).collect();
                endpoints.sort_unstable();
                format!("{token} {}", endpoints.join(","))
            }
            Bootstrap::Static => return None,
        };
        Some(Claim { code: "etcd-token-shared", what, span: self.bootstrap.span })
    }

    fn listeners(&self) -> Vec<Listener> {
        let listener = |name: &str, port, audience| {
            listener(name, format!("{}.{name}_port", self.path), port, audience)
        };
        vec![
            listener("client", &self.client_port, CLIENTS),
            listener("peer", &self.peer_port, MEMBERS),
            self.seat.listener(&self.path),
        ]
    }

    fn seat(&self, member: Member<'_>) -> Membership {
        let data = directory(member.role, self.volume.as_ref(), &self.name, "data");
        let founders = match &self.bootstrap.value {
            Bootstrap::Static => every_node(member.role),
            Bootstrap::DiscoveryV2 { .. } | Bootstrap::DiscoveryV3 { .. } => Vec::new(),
        };
        let kind = match &self.bootstrap.value {
            Bootstrap::Static => {
                ("etcd", concat!(include_str!("member.sh"), include_str!("list.sh")))
            }
            Bootstrap::DiscoveryV2 { .. } => (
                "etcd-v2",
                concat!(
                    include_str!("member.sh"),
                    include_str!("token.sh"),
                    include_str!("token-v2.sh")
                ),
            ),
            Bootstrap::DiscoveryV3 { .. } => (
                "etcd-v3",
                concat!(
                    include_str!("member.sh"),
                    include_str!("token.sh"),
                    include_str!("token-v3.sh")
                ),
            ),
        };
        let name = Spanned::new(self.name.clone(), self.span);
        let values = flags::values(self);
        Membership { values, ..self.seat.of(member, name, kind, &founders, vec![data]) }
    }

    fn container(&self, member: Member<'_>) -> Container {
        let data = member.directory(self.volume.as_ref(), &self.name, "data", self.span);
        self.additions.onto(Container {
            name: Spanned::new(self.name.clone(), self.span),
            description: member.title("etcd member"),
            documentation: Some("https://etcd.io/docs/latest/op-guide/".to_owned()),
            image: self.image.clone(),
            run: Run::Always,
            network: Network::Host,
            ports: self.listeners().iter().map(Listener::to_port).collect(),
            user: None,
            entrypoint: Some("/usr/local/bin/etcd".to_owned()),
            args: flags::args(self, member),
            env: Vec::new(),
            secrets: Vec::new(),
            binds: vec![data_bind(data, DATA, 0, 0o700)],
            tmpfs: Vec::new(),
            ulimits: vec!["nofile=65536:65536".to_owned()],
            memory_mib: None,
            health: None,
            labels: Vec::new(),
            confinement: Confinement::default(),
            stop_timeout: 30,
            ready_port: Some(self.client_port.value),
            ready_host: None,
            after: Vec::new(),
            requires: Vec::new(),
            wants: Vec::new(),
            identity: None,
            deciding: Some(Deciding {
                instance: self.name.clone(),
                forms: false,
                words: flags::words(self, member),
                takes_flags: true,
            }),
            guard: None,
            placement: one_per_host(&self.name),
        })
    }

    fn healthy(&self, member: Member<'_>) -> Task {
        Task {
            name: format!("{}-healthy", self.name),
            description: format!(
                "Waits until etcd of cluster {} has a leader and answers",
                member.role.cluster.value
            ),
            container: self.name.clone(),
            steps: vec![Step::Hear {
                port: self.client_port.value,
                say: r"GET /health HTTP/1.0\r\n\r\n",
                line: r#""health": *"true""#,
            }],
            when: When::BeforeUpdates,
            place: Spanned::new((), self.span),
        }
    }
}

/// A flag is lower case with dashes.
fn flag(name: &str, span: Span, diags: &mut Diagnostics) {
    if known::is_flag(name) {
        return;
    }
    let wanted = name.trim_start_matches('-').to_ascii_lowercase().replace(['_', '.'], "-");
    diags.report(
        Diagnostic::error(
            "etcd-flag-malformed",
            span,
            format!("`{name}` is not a flag of etcd"),
            "etcd would exit with \"flag provided but not defined\"",
        )
        .help(format!("write `{wanted}`: flags are lower case with dashes, without `--`"))
        .edit(Edit::rename(span, wanted)),
    );
}

/// A baked member list needs every member's address.
fn addressed(etcd: &Etcd, role: &Role, diags: &mut Diagnostics) {
    const CODE: &str = "etcd-static-needs-addresses";
    let span = etcd.bootstrap.span;
    let help = format!(
        "set `cluster.identity: pinned` and `cluster.domain`, or `{}.discovery` to a URL with a token",
        etcd.path
    );
    if role.identity.value == Identity::Shared {
        diags.report(
            Diagnostic::error(
                CODE,
                span,
                "a static etcd cluster cannot share one config",
                "lists the members by name and address",
            )
            .related(role.identity.span, "one config for all nodes")
            .help(help),
        );
        return;
    }
    if let Some((node, who)) = without_address(role) {
        let title = format!("{who} for etcd's member list");
        diags.report(
            Diagnostic::error(CODE, node.name.span, title, "needs an address")
                .related(span, "members are listed here")
                .help(help),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::member::Member;
    use super::*;
    use crate::service::sample;

    fn flags(etcd: &Etcd, role: &sample::Sample, position: usize) -> Vec<String> {
        let member = Member::of(&role.bare, position).expect("a node");
        flags::args(etcd, member).iter().map(|word| sample::show(word.on(0))).collect()
    }

    #[test]
    fn a_static_member_says_everything_in_flags() {
        let mut role = sample::role(3);
        let mut etcd = sample::etcd(Bootstrap::Static);
        etcd.config.insert("auto-compaction-retention".to_owned(), sample::text("1h"));
        etcd.config.insert("quota-backend-bytes".to_owned(), sample::text("4294967296"));
        role.etcd = Some(etcd.clone());
        assert_eq!(
            flags(&etcd, &role, 1),
            [
                "--advertise-client-urls=http://kafka-2.kafka.internal:2379",
                "--auto-compaction-mode=periodic",
                "--auto-compaction-retention=1h",
                "--data-dir=/var/lib/etcd",
                "--initial-advertise-peer-urls=http://kafka-2.kafka.internal:2380",
                "--initial-cluster-token=kafka",
                "--listen-client-urls=http://0.0.0.0:2379",
                "--listen-peer-urls=http://0.0.0.0:2380",
                "--name=kafka-2",
                "--quota-backend-bytes=4294967296",
            ]
        );
        let parts = role.expand(1);
        let container = parts.containers.first().expect("etcd");
        assert!(container.env.is_empty(), "flags, never variables");
        assert_eq!(container.description, "etcd member 2 of cluster kafka on kafka-2");
        let binds: Vec<_> =
            container.binds.iter().map(|bind| (bind.from.value.as_str(), &*bind.to)).collect();
        assert_eq!(binds, [("/var/lib/etcd/data", "/var/lib/etcd")]);
    }

    #[test]
    fn a_shared_member_learns_name_and_address_at_boot() {
        let role = sample::shared(3);
        let url = format!("https://discovery.etcd.io/{}", "a".repeat(32));
        let words = flags(&sample::etcd(Bootstrap::DiscoveryV2 { url: url.clone() }), &role, 0);
        for word in [
            "--name={hostname}",
            "--advertise-client-urls=http://{private_ipv4}:2379",
            "--initial-advertise-peer-urls=http://{private_ipv4}:2380",
        ] {
            assert!(words.iter().any(|known| known == word), "{word} is not in {words:?}");
        }
        assert!(!words.iter().any(|word| word.starts_with("--initial-cluster")));
        let mut role = sample::shared(3);
        role.etcd = Some(sample::etcd(Bootstrap::DiscoveryV2 { url: url.clone() }));
        let parts = role.expand(0);
        let (seat, container) = (parts.seats.first(), parts.containers.first());
        let seat = seat.expect("a seat");
        assert_eq!((seat.birth, seat.peers.len()), (None, 0), "a token decides");
        let asks = container.and_then(|it| it.deciding.as_ref()).expect("asks");
        let words: Vec<String> = asks.words.iter().map(|word| sample::show(word.on(0))).collect();
        assert_eq!(words, ["{hostname}", "http://{private_ipv4}:2380", url.as_str()]);
    }
}
