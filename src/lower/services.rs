//! The sections `etcd`, `zookeeper` and `kafka` → what they say, valid by itself.

use std::collections::BTreeMap;

use super::read;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::model::{
    Bootstrap, Etcd, Image, Kafka, KafkaMode, PerNode, Text, Topic, Volume, Zookeeper, derive_uuid,
    is_uuid,
};
use crate::profile::{Resolved, Value};
use crate::source::{Edit, Span, Spanned};

/// Image of a broker that keeps its metadata in ZooKeeper: the last line that can.
const KAFKA_ZOOKEEPER_IMAGE: &str = "docker.io/confluentinc/cp-kafka:7.9.6";
/// Image of a broker with its own quorum.
const KAFKA_KRAFT_IMAGE: &str = "docker.io/apache/kafka:4.3.1";

/// The services of a role.
pub(super) struct Services {
    pub(super) etcd: Option<Etcd>,
    pub(super) zookeeper: Option<Zookeeper>,
    pub(super) kafka: Option<Kafka>,
}

/// Reads all services.
pub(super) fn services(
    role: &Spanned<String>,
    resolved: &Resolved,
    volumes: &[Volume],
    diags: &mut Diagnostics,
) -> Services {
    let tree = &resolved.tree;
    Services {
        etcd: tree.get("etcd").and_then(|section| etcd(section, volumes, diags)),
        zookeeper: tree.get("zookeeper").and_then(|section| zookeeper(section, volumes, diags)),
        kafka: tree.get("kafka").and_then(|section| kafka(role, section, resolved, volumes, diags)),
    }
}

fn etcd(section: &Value, volumes: &[Volume], diags: &mut Diagnostics) -> Option<Etcd> {
    let bootstrap = bootstrap(section, diags);
    let volume = volume_at(section, "etcd.volume", "volume", volumes, diags);
    Some(Etcd {
        span: section.span,
        image: image_at(section, "etcd", diags)?,
        bootstrap: bootstrap?,
        volume,
        client_port: read::number_at(section, "client_port")?,
        peer_port: read::number_at(section, "peer_port")?,
        config: settings(section),
    })
}

fn bootstrap(section: &Value, diags: &mut Diagnostics) -> Option<Spanned<Bootstrap>> {
    let said = section.get("bootstrap")?;
    let url = read::text_at(section, "discovery").filter(|url| !url.value.is_empty());
    let token = read::text_at(section, "discovery_token").filter(|token| !token.value.is_empty());
    let endpoints = read::texts_at(section, "discovery_endpoints");
    let v3 =
        token.as_ref().map(|token| token.span).or(endpoints.first().map(|endpoint| endpoint.span));
    if let (Some(url), Some(v3)) = (&url, v3) {
        diags.report(
            Diagnostic::error("key-conflict", url.span, "a v2 discovery URL and a v3 token exclude each other", "the v2 URL")
                .related(v3, "the v3 token or endpoints")
                .help("keep `discovery` for etcd up to 3.6, or `discovery_token` and `discovery_endpoints` from 3.6 on"),
        );
        return None;
    }
    if token.is_some() == endpoints.is_empty()
        && let Some(place) = v3
    {
        let (there, needed, example) = match &token {
            Some(_) => (
                "discovery_token",
                "discovery_endpoints",
                "[\"http://discovery.example.net:2379\"]",
            ),
            None => ("discovery_endpoints", "discovery_token", "TOKEN"),
        };
        let title = format!("`etcd.{there}` needs `etcd.{needed}` beside it");
        diags.report(
            Diagnostic::error("missing-key", place, title, "means nothing alone")
                .help(format!("add `{needed}: {example}`")),
        );
        return None;
    }
    let found = match (url, token) {
        (Some(url), _) => Some(url.map(|url| Bootstrap::DiscoveryV2 { url })),
        (None, Some(token)) => Some(token.map(|token| Bootstrap::DiscoveryV3 {
            token,
            endpoints: endpoints.into_iter().map(|endpoint| endpoint.value).collect(),
        })),
        (None, None) => None,
    };
    match (said.text()?, found) {
        ("static", _) | ("auto", None) => Some(Spanned::new(Bootstrap::Static, said.span)),
        (_, Some(found)) => Some(found),
        (_, None) => {
            diags.report(
                Diagnostic::error("missing-key", said.span, "`etcd.bootstrap` is `discovery`, but there is no token", "needs a token")
                    .help("set `etcd.discovery` to a discovery URL, or `etcd.bootstrap` to `auto` or `static`"),
            );
            None
        }
    }
}

fn zookeeper(section: &Value, volumes: &[Volume], diags: &mut Diagnostics) -> Option<Zookeeper> {
    let volume = volume_at(section, "zookeeper.volume", "volume", volumes, diags);
    let log_volume = volume_at(section, "zookeeper.log_volume", "log_volume", volumes, diags);
    Some(Zookeeper {
        span: section.span,
        image: image_at(section, "zookeeper", diags)?,
        volume,
        log_volume,
        heap_mib: read::mib_at(section, "heap")?,
        client_port: read::number_at(section, "client_port")?,
        peer_port: read::number_at(section, "peer_port")?,
        election_port: read::number_at(section, "election_port")?,
        admin_port: read::number_at(section, "admin_port")?,
        metrics_port: read::number_at(section, "metrics_port")?,
        autopurge_hours: read::number_at(section, "autopurge_hours")?,
        config: settings(section),
    })
}

fn kafka(
    role: &Spanned<String>,
    section: &Value,
    resolved: &Resolved,
    volumes: &[Volume],
    diags: &mut Diagnostics,
) -> Option<Kafka> {
    let said = read::text_at(section, "mode")?;
    let (mode, default_image) = if said.value == "kraft" {
        (kraft(role, section, resolved, diags), KAFKA_KRAFT_IMAGE)
    } else {
        (ensemble(section, resolved, diags), KAFKA_ZOOKEEPER_IMAGE)
    };
    let volume = volume_at(section, "kafka.volume", "volume", volumes, diags);
    let image = match section.get("image") {
        Some(_) => image_at(section, "kafka", diags),
        None => Image::parse(default_image).map(|image| Spanned::new(image, said.span)),
    };
    let topics = read::entries_at(section, "topics")
        .filter_map(|(name, value)| topic(name, value, resolved, diags));
    let topics = topics.collect();
    Some(Kafka {
        span: section.span,
        image: image?,
        mode: Spanned::new(mode?, said.span),
        volume,
        heap_mib: read::mib_at(section, "heap")?,
        port: read::number_at(section, "port")?,
        config: settings(section),
        topics,
    })
}

fn kraft(
    role: &Spanned<String>,
    section: &Value,
    resolved: &Resolved,
    diags: &mut Diagnostics,
) -> Option<KafkaMode> {
    if let Some(zookeeper) = section.get("zookeeper") {
        diags.report(
            Diagnostic::error(
                "key-conflict",
                zookeeper.span,
                "a KRaft cluster has no ZooKeeper",
                "means nothing in this mode",
            )
            .help("remove `kafka.zookeeper`, or set `kafka.mode: zookeeper`")
            .edit(Edit::remove(zookeeper.span)),
        );
    }
    let name =
        resolved.tree.get("cluster").and_then(|cluster| cluster.get("name")).and_then(Value::text);
    let cluster_id = match read::text_at(section, "cluster_id") {
        None => derive_uuid(&["cluster", name.unwrap_or(&role.value)]),
        Some(id) if is_uuid(&id.value) => id.value,
        Some(id) => {
            let title = format!("cluster id `{}` is not 22 characters of base64url", id.value);
            diags.report(
                Diagnostic::error("kafka-cluster-id", id.span, title, "not an id Kafka takes")
                    .help("remove it, and one is derived from the cluster's name, or take one from `kafka-storage random-uuid`")
                    .edit(Edit::remove(id.span)),
            );
            return None;
        }
    };
    Some(KafkaMode::Kraft {
        cluster_id,
        controller_port: read::number_at(section, "controller_port")?,
    })
}

/// Finds the ensemble of a broker: named servers, another role's nodes, or the nodes' own.
fn ensemble(section: &Value, resolved: &Resolved, diags: &mut Diagnostics) -> Option<KafkaMode> {
    let said = section.get("zookeeper");
    let chroot = said.and_then(|said| read::text_at(said, "chroot"));
    if let Some(chroot) = &chroot
        && !(chroot.value.is_empty()
            || chroot.value.len() > 1 && crate::profile::scalar::is_clean_path(&chroot.value))
    {
        let title = format!("chroot `{}` is no path such as /kafka", chroot.value);
        diags.report(
            Diagnostic::error("wrong-type", chroot.span, title, "not a path")
                .help("write it as `/kafka`"),
        );
        return None;
    }
    let chroot = chroot.map_or(String::new(), |chroot| chroot.value);
    let named = said.filter(|said| said.get("role").is_some() || said.get("connect").is_some());
    if let Some(said) = named {
        let (key, value) =
            read::one_of(said, said.span, "kafka.zookeeper", &["role", "connect"], diags)?;
        let connect = if key == "connect" {
            connect(said, value.span, diags)?
        } else {
            servers_of(value, resolved, diags)?
        };
        let role = read::text_at(said, "role");
        return Some(KafkaMode::Zookeeper { connect, chroot, local: false, role });
    }
    let Some(own) = resolved.tree.get("zookeeper") else {
        diags.report(
            Diagnostic::error("kafka-without-zookeeper", section.span, "this Kafka has no ZooKeeper", "runs in `zookeeper` mode")
                .help("add a `zookeeper` section, name its role with `kafka.zookeeper.role`, or set `kafka.mode: kraft`"),
        );
        return None;
    };
    let port: Spanned<u16> = read::number_at(own, "client_port")?;
    let addresses = resolved.nodes.iter().filter_map(|node| node.address.as_ref());
    let server = |address: &Spanned<String>| {
        Spanned::new(format!("{}:{}", address.value, port.value), address.span)
    };
    let connect = addresses.map(server).collect();
    Some(KafkaMode::Zookeeper { connect, chroot, local: true, role: None })
}

fn connect(said: &Value, span: Span, diags: &mut Diagnostics) -> Option<Vec<Spanned<String>>> {
    let mut servers = Vec::new();
    for server in read::texts_at(said, "connect") {
        let fits = server.value.rsplit_once(':').is_some_and(|(host, port)| {
            crate::profile::scalar::is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0)
        });
        if !fits {
            let title = format!("ZooKeeper server `{}` must be HOST:PORT", server.value);
            diags
                .report(Diagnostic::error("wrong-type", server.span, title, "not HOST:PORT").help(
                "write each server as in `zookeeper-1.example.net:2181`; a path goes to `chroot`",
            ));
            return None;
        }
        servers.push(server);
    }
    if servers.is_empty() {
        diags.report(
            Diagnostic::error(
                "kafka-without-zookeeper",
                span,
                "this Kafka has no ZooKeeper: `kafka.zookeeper.connect` names no server",
                "no server",
            )
            .help("name each server, as in `zookeeper-1.example.net:2181`"),
        );
        return None;
    }
    Some(servers)
}

fn servers_of(
    role: &Value,
    resolved: &Resolved,
    diags: &mut Diagnostics,
) -> Option<Vec<Spanned<String>>> {
    let peer = resolved.peers.get(role.text()?)?;
    let Some(port) = peer.ports.get("client") else {
        let title = format!("role `{}` has no `zookeeper` section", role.text()?);
        diags.report(
            Diagnostic::error("kafka-without-zookeeper", role.span, title, "is no ensemble")
                .help("name a role that runs ZooKeeper"),
        );
        return None;
    };
    let mut servers = Vec::new();
    for node in &peer.nodes {
        let Some(address) = &node.address else {
            let title =
                format!("node `{}` of role `{}` has no address", node.name.value, role.text()?);
            diags.report(
                Diagnostic::error(
                    "node-without-address",
                    role.span,
                    title,
                    "its nodes are needed here",
                )
                .related(node.name.span, "this node")
                .help("set `cluster.domain` there, or an `address` for each node"),
            );
            return None;
        };
        servers.push(Spanned::new(format!("{}:{port}", address.value), role.span));
    }
    Some(servers)
}

fn topic(
    name: &Spanned<String>,
    value: &Value,
    resolved: &Resolved,
    diags: &mut Diagnostics,
) -> Option<Topic> {
    let legal =
        name.value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if !legal || name.value.len() > 249 || name.value == "." || name.value == ".." {
        let title = format!("`{}` is no topic name", name.value);
        diags.report(
            Diagnostic::error("wrong-name", name.span, title, "not a name Kafka takes")
                .help("use at most 249 letters, digits, `.`, `_` and `-`"),
        );
        return None;
    }
    let nodes = u32::try_from(resolved.nodes.len()).unwrap_or(u32::MAX);
    let config = read::entries_at(value, "config")
        .filter_map(|(name, value)| Some((name.value.clone(), read::text(value)?)))
        .collect();
    Some(Topic {
        name: name.clone(),
        partitions: read::number_at(value, "partitions").unwrap_or(Spanned::new(1, name.span)),
        replication_factor: read::number_at(value, "replication_factor")
            .unwrap_or(Spanned::new(nodes.min(3), name.span)),
        config,
    })
}

fn settings(section: &Value) -> BTreeMap<String, Spanned<PerNode<Text>>> {
    read::settings_at(section, "config")
        .into_iter()
        .map(|(name, value)| (name.value, value))
        .collect()
}

/// Reads the image of a section.
pub(super) fn image_at(
    section: &Value,
    path: &str,
    diags: &mut Diagnostics,
) -> Option<Spanned<Image>> {
    let Some(text) = read::text_at(section, "image") else {
        read::missing(section.span, path, "image", "registry.example.net/name:1.2.3", diags);
        return None;
    };
    parse_image(&text, "registry.example.net/name:1.2.3", diags)
}

/// Parses the image that a key names.
pub(super) fn parse_image(
    said: &Spanned<String>,
    example: &str,
    diags: &mut Diagnostics,
) -> Option<Spanned<Image>> {
    let image = Image::parse(&said.value);
    if image.is_none() {
        let title = format!("`{}` is no image reference", said.value);
        diags.report(
            Diagnostic::error("image-reference", said.span, title, "cannot be pulled")
                .help(format!("write it as in `{example}`, all in lower case")),
        );
    }
    Some(Spanned::new(image?, said.span))
}

/// Reads a reference to a volume.
fn volume_at(
    section: &Value,
    path: &str,
    key: &str,
    volumes: &[Volume],
    diags: &mut Diagnostics,
) -> Option<Spanned<String>> {
    let name = read::text_at(section, key)?;
    if volumes.iter().any(|volume| volume.name.value == name.value) {
        return Some(name);
    }
    unknown_volume(&name.value, name.span, path, volumes, diags);
    None
}

fn unknown_volume(name: &str, span: Span, path: &str, volumes: &[Volume], diags: &mut Diagnostics) {
    let known = volumes.iter().map(|volume| volume.name.value.as_str());
    let help = if volumes.is_empty() {
        format!("declare it: `volumes: {{ {name}: {{ mount: /var/lib/{name}, … }} }}`")
    } else {
        suggestion(name, known.clone())
    };
    let title = format!("`{path}` names volume `{name}`, which is not declared");
    let mut found = Diagnostic::error("volume-unknown", span, title, "no such volume").help(help);
    found.edits.extend(nearest(name, known).map(|meant| Edit::write(span, meant)));
    diags.report(found);
}
