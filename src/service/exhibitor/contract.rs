//! What a written unit that runs ZooKeeper below Exhibitor must get right.

use crate::service::contract::{
    AdvertisedHost, AdvertisedHosts, Companion, Contract, Gone, Guarded, Image, Listening, Memory,
    NODE,
};
use crate::service::zookeeper;
use crate::unitfile::Call;

/// The contract.
pub const CONTRACT: Contract = Contract {
    name: Some("ZooKeeper"),
    images: IMAGES,
    memory_unset: "each JVM takes a quarter of the machine's memory",
    listens,
    advertised_hosts,
    guarded: &[Guarded {
        port: 8181,
        password: "ZK_PASSWORD",
        title: "Exhibitor's control page is open to everybody who reaches the machine",
    }],
    untold: &[("exhibitor", 8080)],
    companions: &[Companion {
        variable: "S3_BUCKET",
        needs: "AWS_REGION",
        title: "Exhibitor looks for its bucket in us-west-2",
        help: "add `-e AWS_REGION=` with the region of the bucket",
    }],
    ..Contract::NONE
};

const GONE: Gone = Gone { why: "last built in 2015; Exhibitor itself is archived", instead: None }
    .instead("zookeeper", zookeeper::contract::IMAGE);

const fn image(repository: &'static str) -> Image {
    let data = &["/opt/zookeeper/snapshots", "/opt/zookeeper/transactions"];
    Image { memory: Memory::Limit, ..Image::new(repository, data).gone(GONE).deaf() }
}

const IMAGES: &[Image] =
    &[image("thefactory/zookeeper-exhibitor"), image("mbabineau/zookeeper-exhibitor")];

/// Clients, the ensemble, elections, Exhibitor's own page.
fn listens(_: &Call) -> Listening {
    Listening { ports: vec![2181, 2888, 3888, 8181], at: None }
}

/// The image lets Exhibitor know its own member by `HOSTNAME`.
fn advertised_hosts(call: &Call) -> AdvertisedHosts {
    let host = call.variable("HOSTNAME").map(|host| AdvertisedHost {
        title: format!("the other members cannot resolve `{}`", host.value),
        right: format!("HOSTNAME={NODE}"),
        host: host.value.to_owned(),
        at: host.value_at,
    });
    AdvertisedHosts {
        hosts: host.into_iter().collect(),
        one_is_enough: false,
        shows_name: true,
        missing: None,
    }
}
