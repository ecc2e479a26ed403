//! etcd: one member per node, in the container `etcd` (image `quay.io/coreos/etcd`).
//!
//! Everything is said in flags, never in `ETCD_*` variables: an etcd too old or too new for a flag refuses to
//! start, whereas one that does not know a variable warns and comes up as a healthy cluster of one.

mod discovery;

use std::collections::BTreeMap;
use std::fmt::Write;

use super::member::{Member, around, data_bind, host, one_per_host, port, without_address};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Bootstrap, Container, Etcd, HostFact, Identity, Network, Parts, PerNode, Role, Run, StackFact,
    Step, Task, Text, When,
};
use crate::source::{Edit, Span, Spanned};

/// The data directory inside the container.
const DATA: &str = "/var/lib/etcd";

/// Reports what keeps the members from starting or from finding each other.
pub(super) fn validate(etcd: &Etcd, cluster: &Role, diags: &mut Diagnostics) {
    match &etcd.bootstrap.value {
        Bootstrap::DiscoveryV2 { .. } | Bootstrap::DiscoveryV3 { .. } => {
            discovery::validate(etcd, cluster, diags);
        }
        Bootstrap::Static => addressed(etcd.bootstrap.span, cluster, diags),
    }
    for (name, value) in &etcd.config {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits) {
            continue;
        }
        let wanted = name.trim_start_matches('-').to_ascii_lowercase().replace(['_', '.'], "-");
        diags.report(
            Diagnostic::error(
                "etcd-flag-malformed",
                value.span,
                format!("`{name}` is not a flag of etcd"),
                "etcd would exit with \"flag provided but not defined\"",
            )
            .help(format!("write `{wanted}`: flags are lower case with dashes, without `--`"))
            .edit(Edit::rename(value.span, wanted)),
        );
    }
}

/// A baked member list needs every member's address.
fn addressed(span: Span, cluster: &Role, diags: &mut Diagnostics) {
    const CODE: &str = "etcd-static-needs-addresses";
    const HELP: &str = "set `cluster.identity: pinned` and `cluster.domain`, or `etcd.discovery` to a URL with a token";
    if cluster.identity.value == Identity::Shared {
        diags.report(
            Diagnostic::error(
                CODE,
                span,
                "a static etcd cluster cannot share one config",
                "lists the members by name and address",
            )
            .related(cluster.identity.span, "one config for all nodes")
            .help(HELP),
        );
        return;
    }
    if let Some((node, who)) = without_address(cluster) {
        let title = format!("{who} for etcd's member list");
        diags.report(
            Diagnostic::error(CODE, node.name.span, title, "needs an address")
                .related(span, "members are listed here")
                .help(HELP),
        );
    }
}

/// Adds the member of one node.
pub(super) fn expand(etcd: &Etcd, member: Member<'_>, parts: &mut Parts) {
    let data = member.directory(etcd.volume.as_ref(), DATA, "data", etcd.span);
    parts.containers.push(Container {
        name: Spanned::new("etcd".to_owned(), etcd.span),
        description: member.title("etcd member"),
        documentation: Some("https://etcd.io/docs/latest/op-guide/".to_owned()),
        image: etcd.image.clone(),
        run: Run::Always,
        network: Network::Host,
        ports: vec![port("client", &etcd.client_port), port("peer", &etcd.peer_port)],
        user: None,
        entrypoint: Some("/usr/local/bin/etcd".to_owned()),
        args: args(etcd, member),
        env: Vec::new(),
        binds: vec![data_bind(data, DATA, 0, 0o700)],
        tmpfs: Vec::new(),
        ulimits: vec!["nofile=65536:65536".to_owned()],
        memory_mib: None,
        stop_timeout: 30,
        ready_port: Some(etcd.client_port.value),
        after: Vec::new(),
        requires: Vec::new(),
        wants: Vec::new(),
        identity: None,
        placement: one_per_host("etcd"),
    });
    // With a certificate of its own a member answers in TLS only.
    if !["cert-file", "listen-client-urls"].iter().any(|flag| etcd.config.contains_key(*flag)) {
        parts.tasks.push(Task {
            name: "etcd-healthy".to_owned(),
            description: format!(
                "Waits until etcd of cluster {} has a leader and answers",
                member.cluster.name.value
            ),
            container: "etcd".to_owned(),
            steps: vec![Step::Hear {
                port: etcd.client_port.value,
                say: r"GET /health HTTP/1.0\r\n\r\n",
                line: r#""health": *"true""#,
            }],
            when: When::BeforeUpdates,
            place: Spanned::new((), etcd.span),
        });
    }
}

/// Returns `--flag=value` words by the name of the flag; a profile's own replace the generated.
fn args(etcd: &Etcd, member: Member<'_>) -> Vec<PerNode<Text>> {
    let mut flags = generated(etcd, member);
    for (name, value) in &etcd.config {
        flags.insert(name, value.value.on(member.position).clone());
    }
    // Joined by `=`: Go reads `--flag value` of a boolean as the flag and a stray word.
    let word =
        |(name, value): (&str, Text)| PerNode::Same(around(&format!("--{name}="), &value, ""));
    flags.into_iter().map(word).collect()
}

fn generated<'a>(etcd: &'a Etcd, member: Member<'_>) -> BTreeMap<&'a str, Text> {
    let (client, peer) = (etcd.client_port.value, etcd.peer_port.value);
    let reached = member.host();
    let name = match member.cluster.identity.value {
        Identity::Pinned => Text::literal(member.node.name.value.as_str()),
        Identity::Shared => Text::host(HostFact::Hostname),
    };
    let mut flags = BTreeMap::from([
        ("name", name),
        ("data-dir", Text::literal(DATA)),
        ("listen-client-urls", Text::literal(format!("http://0.0.0.0:{client}"))),
        ("listen-peer-urls", Text::literal(format!("http://0.0.0.0:{peer}"))),
        ("advertise-client-urls", around("http://", &reached, &format!(":{client}"))),
        ("initial-advertise-peer-urls", around("http://", &reached, &format!(":{peer}"))),
        ("auto-compaction-mode", Text::literal("periodic")),
        ("auto-compaction-retention", Text::literal("8h")),
    ]);
    match &etcd.bootstrap.value {
        Bootstrap::DiscoveryV2 { url } => {
            // a stack may be given a token of its own
            let url = match &member.cluster.aws {
                Some(_) => Text::stack(StackFact::DiscoveryUrl),
                None => Text::literal(url.as_str()),
            };
            flags.insert("discovery", url);
            // The default of old versions is a proxy that looks healthy and holds nothing.
            flags.insert("discovery-fallback", Text::literal("exit"));
        }
        Bootstrap::DiscoveryV3 { token, endpoints } => {
            flags.insert("discovery-token", Text::literal(token.as_str()));
            flags.insert("discovery-endpoints", Text::literal(endpoints.join(",")));
            if endpoints.iter().any(|endpoint| endpoint.starts_with("https://")) {
                flags.insert("discovery-insecure-transport", Text::literal("false"));
            }
        }
        Bootstrap::Static => {
            flags.insert("initial-cluster", Text::literal(members(member.cluster, peer)));
            flags.insert("initial-cluster-state", Text::literal("new"));
            flags
                .insert("initial-cluster-token", Text::literal(member.cluster.name.value.as_str()));
        }
    }
    flags
}

/// Returns `name=url,…` of all members.
fn members(cluster: &Role, peer: u16) -> String {
    let mut list = String::new();
    for node in &cluster.nodes {
        let comma = if list.is_empty() { "" } else { "," };
        let host = host(node).unwrap_or_default();
        let _infallible = write!(list, "{comma}{}=http://{host}:{peer}", node.name.value);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::sample;

    fn flags(etcd: &Etcd, cluster: &Role, position: usize) -> Vec<String> {
        let member = Member::of(cluster, position).expect("a node");
        args(etcd, member).iter().map(|word| sample::show(word.on(0))).collect()
    }

    #[test]
    fn a_static_member_says_everything_in_flags() {
        let mut cluster = sample::cluster(3);
        let mut etcd = sample::etcd(Bootstrap::Static);
        etcd.config.insert("auto-compaction-retention".to_owned(), sample::text("1h"));
        etcd.config.insert("quota-backend-bytes".to_owned(), sample::text("4294967296"));
        cluster.etcd = Some(etcd.clone());
        assert_eq!(
            flags(&etcd, &cluster, 1),
            [
                "--advertise-client-urls=http://kafka-2.kafka.internal:2379",
                "--auto-compaction-mode=periodic",
                "--auto-compaction-retention=1h",
                "--data-dir=/var/lib/etcd",
                "--initial-advertise-peer-urls=http://kafka-2.kafka.internal:2380",
                "--initial-cluster=kafka-1=http://kafka-1.kafka.internal:2380,\
                 kafka-2=http://kafka-2.kafka.internal:2380,\
                 kafka-3=http://kafka-3.kafka.internal:2380",
                "--initial-cluster-state=new",
                "--initial-cluster-token=kafka",
                "--listen-client-urls=http://0.0.0.0:2379",
                "--listen-peer-urls=http://0.0.0.0:2380",
                "--name=kafka-2",
                "--quota-backend-bytes=4294967296",
            ]
        );
        let parts = crate::service::expand(&cluster, 1);
        let container = parts.containers.first().expect("etcd");
        assert!(container.env.is_empty(), "flags, never variables");
        assert_eq!(container.description, "etcd member 2 of cluster kafka on kafka-2");
        let binds: Vec<_> =
            container.binds.iter().map(|bind| (bind.from.value.as_str(), &*bind.to)).collect();
        assert_eq!(binds, [("/var/lib/etcd/data", "/var/lib/etcd")]);
    }

    #[test]
    fn a_shared_member_learns_name_and_address_at_boot() {
        let cluster = sample::shared(3);
        let url = format!("https://discovery.etcd.io/{}", "a".repeat(32));
        let words = flags(&sample::etcd(Bootstrap::DiscoveryV2 { url: url.clone() }), &cluster, 0);
        for word in [
            "--name={hostname}",
            "--advertise-client-urls=http://{private_ipv4}:2379",
            "--initial-advertise-peer-urls=http://{private_ipv4}:2380",
            &format!("--discovery={url}"),
            "--discovery-fallback=exit",
        ] {
            assert!(words.iter().any(|known| known == word), "{word} is not in {words:?}");
        }
        let v3 = Bootstrap::DiscoveryV3 {
            token: "t".to_owned(),
            endpoints: vec!["http://a:2379".to_owned(), "http://b:2379".to_owned()],
        };
        let words = flags(&sample::etcd(v3), &cluster, 0);
        assert!(words.contains(&"--discovery-endpoints=http://a:2379,http://b:2379".to_owned()));
        assert!(!words.iter().any(|word| word.starts_with("--initial-cluster")));
    }
}
