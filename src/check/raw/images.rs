//! What is known of images that raw units run: where they listen, where they write, who still keeps them.
//!
//! From the images' own Dockerfiles and start scripts; an image that is not listed here is judged by nothing.

/// An image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Repository without `docker.io/` and `library/`.
    repository: &'static str,
    /// What runs in it.
    pub(super) service: Service,
    /// Where it writes what must be kept.
    pub(super) data: &'static [&'static str],
    /// Variable that sets the JVM's heap, if it runs one and has such a variable.
    pub(super) heap: Option<&'static str>,
    /// Why it is no longer to be used, and what instead.
    pub(super) abandoned: Option<(&'static str, &'static str)>,
    /// Whether its first process is a shell that does not hand SIGTERM on.
    pub(super) is_deaf: bool,
}

/// What runs in an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// Kafka.
    Kafka,
    /// ZooKeeper.
    Zookeeper,
    /// ZooKeeper below Netflix's Exhibitor.
    Exhibitor,
    /// etcd.
    Etcd,
    /// Any other that keeps data.
    Store,
}

impl Known {
    /// Returns what runs in it, for people.
    pub(super) fn name(&self) -> &'static str {
        match self.service {
            Service::Kafka => "Kafka",
            Service::Zookeeper | Service::Exhibitor => "ZooKeeper",
            Service::Etcd => "etcd",
            Service::Store => self.repository,
        }
    }

    /// Returns what is known of the image a reference names.
    pub(super) fn of(image: &str) -> Option<&'static Self> {
        let repository = repository(image);
        let mut path = repository;
        for prefix in ["docker.io/", "index.docker.io/", "registry-1.docker.io/", "library/"] {
            path = path.strip_prefix(prefix).unwrap_or(path);
        }
        KNOWN.iter().find(|known| known.repository == path)
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

const EXHIBITOR_GONE: (&str, &str) = (
    "last built in 2015; Exhibitor itself is archived",
    "the `zookeeper:` key of the profile, or `zookeeper:3.8.6`",
);
const WURSTMEISTER_GONE: (&str, &str) = (
    "no longer kept since 2022, and left Docker Hub in 2024",
    "the `kafka:` key of the profile, or `confluentinc/cp-kafka:7.9.6`",
);
const WURSTMEISTER_ZOOKEEPER_GONE: (&str, &str) = (
    "no longer kept since 2022, and left Docker Hub in 2024",
    "the `zookeeper:` key of the profile, or `zookeeper:3.8.6`",
);
const BITNAMI_GONE: (&str, &str) =
    ("has had no public versions since September 2025", "an image its own project publishes");

const fn plain(repository: &'static str, service: Service, data: &'static [&'static str]) -> Known {
    Known { repository, service, data, heap: None, abandoned: None, is_deaf: false }
}

const fn jvm(
    repository: &'static str,
    service: Service,
    data: &'static [&'static str],
    heap: &'static str,
) -> Known {
    Known { heap: Some(heap), ..plain(repository, service, data) }
}

const fn gone(known: Known, why: (&'static str, &'static str), is_deaf: bool) -> Known {
    Known { abandoned: Some(why), is_deaf, ..known }
}

const EXHIBITOR_DATA: &[&str] = &["/opt/zookeeper/snapshots", "/opt/zookeeper/transactions"];

const KNOWN: &[Known] = &[
    gone(
        plain("thefactory/zookeeper-exhibitor", Service::Exhibitor, EXHIBITOR_DATA),
        EXHIBITOR_GONE,
        true,
    ),
    gone(
        plain("mbabineau/zookeeper-exhibitor", Service::Exhibitor, EXHIBITOR_DATA),
        EXHIBITOR_GONE,
        true,
    ),
    gone(
        jvm("wurstmeister/kafka", Service::Kafka, &["/kafka"], "KAFKA_HEAP_OPTS"),
        WURSTMEISTER_GONE,
        true,
    ),
    gone(
        plain("wurstmeister/zookeeper", Service::Zookeeper, &["/opt/zookeeper-3.4.13/data"]),
        WURSTMEISTER_ZOOKEEPER_GONE,
        false,
    ),
    gone(
        jvm("bitnami/kafka", Service::Kafka, &["/bitnami/kafka"], "KAFKA_HEAP_OPTS"),
        BITNAMI_GONE,
        false,
    ),
    gone(
        jvm("bitnami/zookeeper", Service::Zookeeper, &["/bitnami/zookeeper"], "JVMFLAGS"),
        BITNAMI_GONE,
        false,
    ),
    gone(plain("bitnami/etcd", Service::Etcd, &["/bitnami/etcd"]), BITNAMI_GONE, false),
    gone(
        plain("bitnami/postgresql", Service::Store, &["/bitnami/postgresql"]),
        BITNAMI_GONE,
        false,
    ),
    gone(
        jvm("bitnamilegacy/kafka", Service::Kafka, &["/bitnami/kafka"], "KAFKA_HEAP_OPTS"),
        BITNAMI_GONE,
        false,
    ),
    gone(
        jvm("bitnamilegacy/zookeeper", Service::Zookeeper, &["/bitnami/zookeeper"], "JVMFLAGS"),
        BITNAMI_GONE,
        false,
    ),
    gone(plain("bitnamilegacy/etcd", Service::Etcd, &["/bitnami/etcd"]), BITNAMI_GONE, false),
    jvm("apache/kafka", Service::Kafka, &["/var/lib/kafka/data"], "KAFKA_HEAP_OPTS"),
    jvm("confluentinc/cp-kafka", Service::Kafka, &["/var/lib/kafka/data"], "KAFKA_HEAP_OPTS"),
    jvm(
        "confluentinc/cp-zookeeper",
        Service::Zookeeper,
        &["/var/lib/zookeeper"],
        "KAFKA_HEAP_OPTS",
    ),
    jvm("zookeeper", Service::Zookeeper, &["/data", "/datalog"], "JVMFLAGS"),
    plain("quay.io/coreos/etcd", Service::Etcd, &["/var/lib/etcd"]),
    plain("gcr.io/etcd-development/etcd", Service::Etcd, &["/var/lib/etcd"]),
    plain("registry.k8s.io/etcd", Service::Etcd, &["/var/lib/etcd"]),
    plain("cassandra", Service::Store, &["/var/lib/cassandra"]),
    plain("consul", Service::Store, &["/consul/data"]),
    plain("hashicorp/consul", Service::Store, &["/consul/data"]),
    plain("influxdb", Service::Store, &["/var/lib/influxdb"]),
    plain("mariadb", Service::Store, &["/var/lib/mysql"]),
    plain("mongo", Service::Store, &["/data/db"]),
    plain("mysql", Service::Store, &["/var/lib/mysql"]),
    plain("postgres", Service::Store, &["/var/lib/postgresql/data"]),
    plain("rabbitmq", Service::Store, &["/var/lib/rabbitmq"]),
    plain("redis", Service::Store, &["/data"]),
];

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
