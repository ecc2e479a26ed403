//! Relations that no single service owns: ids of nodes, volumes, and the ZooKeeper a broker leans on.

use std::collections::BTreeMap;

use crate::cluster::{Cluster, Identity, KafkaMode, Zookeeper};
use crate::diagnostic::{Diagnostic, Diagnostics, suggestion};
use crate::source::{Span, Spanned};

/// Reports all of them.
pub(super) fn validate(cluster: &Cluster, diags: &mut Diagnostics) {
    distinct_ids(cluster, diags);
    known_volumes(cluster, diags);
    own_volumes(cluster, diags);
    zookeeper_of_kafka(cluster, diags);
}

/// Two members with one id overwrite each other's registration, or the second refuses to start.
fn distinct_ids(cluster: &Cluster, diags: &mut Diagnostics) {
    if cluster.identity.value != Identity::Pinned {
        return;
    }
    let mut seen: BTreeMap<u32, (&str, Span)> = BTreeMap::new();
    for node in &cluster.nodes {
        let (id, name) = (&node.id, node.name.value.as_str());
        match seen.get(&id.value) {
            Some((other, span)) => {
                let title = format!("nodes `{other}` and `{name}` share id {}", id.value);
                diags.report(
                    Diagnostic::error("node-id-duplicate", id.span, title, "used twice")
                        .related(*span, format!("already the id of `{other}`"))
                        .help(format!("give `{name}` an `id` that no other node has")),
                );
            }
            None => {
                seen.insert(id.value, (name, id.span));
            }
        }
    }
}

/// The volumes services name, with the word before `volume` in a message.
fn volumes(cluster: &Cluster) -> impl Iterator<Item = (&'static str, &Spanned<String>)> {
    let etcd = cluster.etcd.as_ref().and_then(|etcd| etcd.volume.as_ref());
    let zookeeper = cluster.zookeeper.as_ref().and_then(|zookeeper| zookeeper.volume.as_ref());
    let log = cluster.zookeeper.as_ref().and_then(|zookeeper| zookeeper.log_volume.as_ref());
    let kafka = cluster.kafka.as_ref().and_then(|kafka| kafka.volume.as_ref());
    [("etcd.volume", etcd), ("zookeeper.volume", zookeeper), ("zookeeper.log_volume", log)]
        .into_iter()
        .chain([("kafka.volume", kafka)])
        .filter_map(|(key, volume)| Some((key, volume?)))
}

fn known_volumes(cluster: &Cluster, diags: &mut Diagnostics) {
    for (key, volume) in volumes(cluster) {
        if cluster.volume(&volume.value).is_some() {
            continue;
        }
        let title = format!("`{key}` names the volume `{}`, which is not declared", volume.value);
        let known = cluster.volumes.iter().map(|volume| volume.name.value.as_str());
        diags.report(
            Diagnostic::error("service-volume-unknown", volume.span, title, "no such volume")
                .help(format!("declare it below `volumes`; {}", suggestion(&volume.value, known))),
        );
    }
}

/// Each service keeps its data in `data` of its volume, so two on one would share a directory.
fn own_volumes(cluster: &Cluster, diags: &mut Diagnostics) {
    let mut taken: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    for (key, volume) in volumes(cluster).filter(|(key, _)| *key != "zookeeper.log_volume") {
        match taken.get(volume.value.as_str()) {
            Some((other, span)) => {
                let title = format!("`{other}` and `{key}` are the same volume `{}`", volume.value);
                diags.report(
                    Diagnostic::error("service-volume-shared", volume.span, title, "taken already")
                        .related(*span, format!("taken by `{other}`"))
                        .help(format!("declare a volume of its own and name it in `{key}`")),
                );
            }
            None => {
                taken.insert(&volume.value, (key, volume.span));
            }
        }
    }
}

fn zookeeper_of_kafka(cluster: &Cluster, diags: &mut Diagnostics) {
    let Some(kafka) = &cluster.kafka else { return };
    let KafkaMode::Zookeeper { connect, chroot: _, local } = &kafka.mode.value else { return };
    let span = kafka.mode.span;
    if connect.is_empty() || (*local && cluster.zookeeper.is_none()) {
        diags.report(
            Diagnostic::error(
                "kafka-zookeeper-missing",
                span,
                "kafka is in ZooKeeper mode and has no ZooKeeper",
                "needs ZooKeeper servers",
            )
            .help("add a `zookeeper` section, name servers elsewhere, or set `mode: kraft`"),
        );
    }
    if let Some(zookeeper) = &cluster.zookeeper {
        ports_agree(connect, zookeeper, cluster, span, diags);
    }
}

fn ports_agree(
    connect: &[String],
    zookeeper: &Zookeeper,
    cluster: &Cluster,
    span: Span,
    diags: &mut Diagnostics,
) {
    let listens = &zookeeper.client_port;
    let own = |host: &str| {
        cluster
            .nodes
            .iter()
            .any(|node| node.address.as_ref().is_some_and(|address| address.value == host))
    };
    let strays = connect.iter().filter(|server| {
        server
            .rsplit_once(':')
            .is_some_and(|(host, port)| own(host) && port != listens.value.to_string())
    });
    for server in strays {
        let title = format!("kafka connects to ZooKeeper at {server}, where nothing listens");
        diags.report(
            Diagnostic::error("kafka-zookeeper-port-mismatch", span, title, "another port")
                .related(listens.span, format!("ZooKeeper listens on {} here", listens.value))
                .help(format!("connect to port {}", listens.value)),
        );
    }
}
