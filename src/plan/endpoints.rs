//! What clients connect to: the servers of each service, as a client's own setting takes them.

use crate::model::{KafkaMode, Role};

/// The servers of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Name, letters only.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// The servers, separated by commas.
    pub servers: String,
}

/// Returns the servers of all services whose nodes have addresses.
pub(super) fn endpoints(cluster: &Role) -> Vec<Endpoint> {
    let addresses: Option<Vec<&str>> = cluster
        .nodes
        .iter()
        .map(|node| node.address.as_ref().map(|address| address.value.as_str()))
        .collect();
    let Some(addresses) = addresses else { return Vec::new() };
    let list = |scheme: &str, port: u16, end: &str| {
        let servers = addresses.iter().map(|address| format!("{scheme}{address}:{port}"));
        format!("{}{end}", servers.collect::<Vec<_>>().join(","))
    };
    let mut found = Vec::new();
    if let Some(kafka) = &cluster.kafka {
        found.push(Endpoint {
            name: "BootstrapServers",
            description: "bootstrap.servers of Kafka's clients",
            servers: list("", kafka.port.value, ""),
        });
    }
    if let Some(zookeeper) = &cluster.zookeeper {
        let chroot = match cluster.kafka.as_ref().map(|kafka| &kafka.mode.value) {
            Some(KafkaMode::Zookeeper { chroot, local: true, .. }) => chroot.as_str(),
            Some(KafkaMode::Zookeeper { .. } | KafkaMode::Kraft { .. }) | None => "",
        };
        found.push(Endpoint {
            name: "ZooKeeperConnect",
            description: "Connection string of ZooKeeper's clients",
            servers: list("", zookeeper.client_port.value, chroot),
        });
    }
    if let Some(etcd) = &cluster.etcd {
        found.push(Endpoint {
            name: "EtcdEndpoints",
            description: "Endpoints of etcd's clients",
            servers: list("http://", etcd.client_port.value, ""),
        });
    }
    found
}
