//! What a written unit that runs etcd must get right, and the images there are.

use super::{tables, variable};
use crate::service::contract::{
    AdvertisedHost, AdvertisedHosts, Contract, Gone, Image, MemberId, NODE, PeerList, Reads, tag,
};
use crate::unitfile::Call;

/// The image to use.
pub(super) const IMAGE: &str = "quay.io/coreos/etcd:v3.6.14";

/// Repositories whose tags are versions of etcd.
pub(super) const VERSIONED: &[&str] =
    &["coreos/etcd", "etcd-development/etcd", "registry.k8s.io/etcd"];

pub(super) const CONTRACT: Contract = Contract {
    name: Some("etcd"),
    images: IMAGES,
    successors: &[("etcd", IMAGE)],
    advertised_hosts,
    member_ids: &[MemberId { variable: "ETCD_NAME", template: "{{node.name}}" }],
    peer_lists: &[PeerList::new("INITIAL_CLUSTER"), PeerList::new("ETCD_SERVERS")],
    reads: Some(Reads {
        table: || &tables::FLAGS,
        version: |image| tag(image, VERSIONED),
        setting: |_, name| variable::flag(name),
        variable: |_, flag| Some(variable::of(flag)),
        by_flags: true,
        files: &[],
        others: &[],
        starts: &["etcd"],
    }),
    ..Contract::NONE
};

const DATA: &[&str] = &["/var/lib/etcd"];

const IMAGES: &[Image] = &[
    Image::new("quay.io/coreos/etcd", DATA),
    Image::new("gcr.io/etcd-development/etcd", DATA),
    Image::new("registry.k8s.io/etcd", DATA),
    Image::new("bitnami/etcd", &["/bitnami/etcd"]).gone(Gone::BITNAMI),
    Image::new("bitnamilegacy/etcd", &["/bitnami/etcd"]).gone(Gone::BITNAMI),
];

/// Flags with the URLs that others are told.
const ADVERTISING: [&str; 2] = ["--advertise-client-urls", "--initial-advertise-peer-urls"];

/// Returns the first host of each flag.
fn advertised_hosts(call: &Call) -> AdvertisedHosts {
    let mut hosts = Vec::new();
    let mut words = call.arguments().iter().peekable();
    while let Some(word) = words.next() {
        let (flag, urls) = match word.text.split_once('=') {
            Some((flag, _)) => (flag, word),
            None => (word.text.as_str(), *words.peek().unwrap_or(&word)),
        };
        if !ADVERTISING.contains(&flag) {
            continue;
        }
        let value = urls.text.split_once('=').map_or(urls.text.as_str(), |(_, value)| value);
        let host = value
            .split_once("://")
            .map_or("", |(_, rest)| rest.rsplit_once(':').map_or(rest, |(host, _)| host));
        hosts.push(AdvertisedHost {
            host: host.to_owned(),
            at: urls.find(host),
            title: format!("no member can reach an etcd that advertises `{host}`"),
            right: value.replacen(host, NODE, 1),
        });
    }
    AdvertisedHosts { hosts, one_is_enough: false, shows_name: false, missing: None }
}
