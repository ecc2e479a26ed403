//! What is known of the image that a unit runs; an image that is not listed is judged by nothing.

use crate::service::catalogue::contracts;
use crate::service::contract::{Contract, Gone, Image};
use crate::unitfile::Run;

/// What is known of an image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) image: &'static Image,
    /// What a unit that runs it must get right.
    pub(super) contract: &'static Contract,
}

impl Known {
    /// Returns what is known of the image a reference names.
    pub(super) fn of(image: &str) -> Option<Self> {
        let mut path = repository(image);
        for prefix in ["docker.io/", "index.docker.io/", "registry-1.docker.io/", "library/"] {
            path = path.strip_prefix(prefix).unwrap_or(path);
        }
        contracts().chain([&STORES]).find_map(|contract| {
            let image = contract.images.iter().find(|image| image.repository == path)?;
            Some(Self { image, contract })
        })
    }

    /// Returns what is known of the image a unit runs.
    pub(super) fn run(run: &Run<'_>) -> Option<Self> {
        Self::of(&run.image)
    }

    /// Returns what runs in it, for people.
    pub(super) fn name(&self) -> &'static str {
        self.contract.name.unwrap_or(self.image.repository)
    }
}

/// Returns a reference without tag and digest.
pub(super) fn repository(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => image,
    }
}

/// Images of which no more is known than where they keep data.
const STORES: Contract = Contract {
    images: &[
        Image::new("bitnami/postgresql", &["/bitnami/postgresql"]).gone(Gone::BITNAMI),
        Image::new("cassandra", &["/var/lib/cassandra"]),
        Image::new("consul", &["/consul/data"]),
        Image::new("hashicorp/consul", &["/consul/data"]),
        Image::new("influxdb", &["/var/lib/influxdb"]),
        Image::new("mariadb", &["/var/lib/mysql"]),
        Image::new("mongo", &["/data/db"]),
        Image::new("mysql", &["/var/lib/mysql"]),
        Image::new("postgres", &["/var/lib/postgresql/data"]),
        Image::new("rabbitmq", &["/var/lib/rabbitmq"]),
        Image::new("redis", &["/data"]),
    ],
    ..Contract::NONE
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_images() {
        for (image, known) in [
            ("zookeeper:3.9.5", true),
            ("docker.io/library/zookeeper", true),
            ("docker.io/wurstmeister/kafka:0.8.1.1-1", true),
            ("registry.example.net:5000/zookeeper", false),
            ("redis@sha256:00", true),
        ] {
            assert_eq!(Known::of(image).is_some(), known, "{image}");
        }
    }
}
