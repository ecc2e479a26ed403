//! Relations that no single service owns: who keeps data where, and the ZooKeeper a broker leans on.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{KafkaMode, Role};
use crate::source::{Edit, Span, Spanned};

/// Reports all of them.
pub(super) fn validate(cluster: &Role, diags: &mut Diagnostics) {
    own_volumes(cluster, diags);
    zookeeper_of_kafka(cluster, diags);
}

/// Each service keeps its data in `data` of its volume, so two on one would share a directory.
fn own_volumes(cluster: &Role, diags: &mut Diagnostics) {
    let etcd = cluster.etcd.as_ref().and_then(|etcd| etcd.volume.as_ref());
    let zookeeper = cluster.zookeeper.as_ref().and_then(|zookeeper| zookeeper.volume.as_ref());
    let kafka = cluster.kafka.as_ref().and_then(|kafka| kafka.volume.as_ref());
    let mut taken: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    for (service, volume) in [("etcd", etcd), ("zookeeper", zookeeper), ("kafka", kafka)] {
        let Some(Spanned { value: volume, span }) = volume else { continue };
        let Some((other, place)) = taken.get(volume.as_str()) else {
            taken.insert(volume, (service, *span));
            continue;
        };
        let title = format!("{other} and {service} keep their data on one volume, `{volume}`");
        diags.report(
            Diagnostic::error("service-volume-shared", *span, title, "taken already")
                .related(*place, format!("taken by {other}"))
                .help(format!("declare another volume and name it in `{service}.volume`")),
        );
    }
}

/// The servers of a broker are some, and where they are this role's own, on the port these listen on.
fn zookeeper_of_kafka(cluster: &Role, diags: &mut Diagnostics) {
    let Some(kafka) = &cluster.kafka else { return };
    let KafkaMode::Zookeeper { connect, chroot: _, local: _, role: _ } = &kafka.mode.value else {
        return;
    };
    let span = kafka.mode.span;
    let Some(zookeeper) = &cluster.zookeeper else {
        if connect.is_empty() {
            diags.report(
                Diagnostic::error(
                    "kafka-without-zookeeper",
                    span,
                    "this Kafka has no ZooKeeper",
                    "runs in `zookeeper` mode",
                )
                .help("name servers in `kafka.zookeeper.connect`, or set `kafka.mode: kraft`"),
            );
        }
        return;
    };
    let listens = &zookeeper.client_port;
    for server in connect {
        let Some((host, port)) = server.value.rsplit_once(':') else { continue };
        let own = |address: &Spanned<String>| address.value == host;
        let ours = cluster.nodes.iter().any(|node| node.address.as_ref().is_some_and(own));
        if !ours || port.parse() == Ok(listens.value) {
            continue;
        }
        let title =
            format!("kafka connects to ZooKeeper at `{}`, where none listens", server.value);
        diags.report(
            Diagnostic::error("kafka-zookeeper-port-mismatch", server.span, title, "another port")
                .related(listens.span, format!("ZooKeeper listens on {} here", listens.value))
                .help(format!("connect to `{host}:{}`", listens.value))
                .edit(Edit::write(server.span, format!("{host}:{}", listens.value))),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::model::KafkaMode;
    use crate::service::sample;

    #[test]
    fn findings() {
        let mut cluster = sample::cluster(1);
        let mut kafka = sample::kafka(1);
        let mut zookeeper = sample::zookeeper();
        kafka.volume = Some(sample::at("data".to_owned()));
        zookeeper.log_volume = kafka.volume.clone();
        cluster.kafka = Some(kafka.clone());
        cluster.zookeeper = Some(zookeeper.clone());
        assert!(sample::codes(&cluster).is_empty(), "`datalog` and `data` are two directories");

        zookeeper.volume = kafka.volume.clone();
        zookeeper.client_port = sample::at(2182);
        cluster.zookeeper = Some(zookeeper);
        assert_eq!(
            sample::codes(&cluster),
            ["kafka-zookeeper-port-mismatch", "service-volume-shared"]
        );

        let (connect, chroot, local) = (Vec::new(), String::new(), false);
        kafka.mode = sample::at(KafkaMode::Zookeeper { connect, chroot, local, role: None });
        cluster.kafka = Some(kafka);
        cluster.zookeeper = None;
        assert_eq!(sample::codes(&cluster), ["kafka-without-zookeeper"]);
    }
}
