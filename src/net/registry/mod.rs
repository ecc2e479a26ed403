//! Registries in which the members of a new etcd cluster find each other: made and read, in both protocols.
//!
//! Below `_etcd/registry/TOKEN` stand the size of the cluster and, once they have come, its members. Beside the size
//! cfgbuild writes when it made the token, which etcd does not look at.

pub mod v2;
pub mod v3;

use anyhow::anyhow;

use super::http::Answer;

/// What a registry holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registration {
    /// How many members it is for.
    pub size: Option<u64>,
    /// When the token was made, as written there.
    pub created: Option<String>,
    /// When the registry forgets it, as written there.
    pub expires: Option<String>,
    /// Who has come, in this order.
    pub members: Vec<Registered>,
}

/// A member that has registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    pub name: String,
    /// Its peer URLs.
    pub peers: Vec<String>,
}

impl Registered {
    /// Reads `m1=http://a:2380,m1=http://b:2380`; what has no name keeps the whole text as one.
    fn read(value: &str) -> Self {
        let mut name = None;
        let mut peers = Vec::new();
        for part in value.split(',') {
            if let Some((said, peer)) = part.split_once('=') {
                name.get_or_insert(said);
                peers.push(peer.to_owned());
            }
        }
        Self { name: name.unwrap_or(value).to_owned(), peers }
    }
}

/// Says that what answered is no registry.
fn no_registry(answer: &Answer, wanted: &str) -> anyhow::Error {
    let Answer { url, status, is_page, location, .. } = answer;
    if let (300..400, Some(location)) = (*status, location) {
        return anyhow!("`{url}` redirects to `{location}`: name that address instead");
    }
    if *status == 503 {
        return anyhow!(
            "`{url}` is out of service (503): {}; try again later, \
             or use an etcd of your own with `--from` or `--endpoints`",
            answer.excerpt()
        );
    }
    if *status == 401 || *status == 403 {
        return anyhow!("`{url}` lets nobody in without a password ({status})");
    }
    if *is_page {
        return anyhow!(
            "`{url}` answers with a web page ({status}), not as {wanted}: is a proxy or a login in between?"
        );
    }
    anyhow!("`{url}` does not answer as {wanted} ({status}): {}", answer.excerpt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_as_etcd_writes_them() {
        for (value, name, peers) in [
            ("m1=http://a:2380", "m1", &["http://a:2380"][..]),
            ("m1=http://a:2380,m1=http://b:2380", "m1", &["http://a:2380", "http://b:2380"]),
            ("odd", "odd", &[]),
            ("", "", &[]),
        ] {
            let read = Registered::read(value);
            assert_eq!(
                (read.name.as_str(), read.peers),
                (name, peers.iter().map(ToString::to_string).collect())
            );
        }
    }
}
