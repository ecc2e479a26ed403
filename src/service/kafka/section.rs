//! The section of a Kafka, read.

use super::super::container::Additions;
use super::super::declared::Origin;
use super::super::jvm::Jvm;
use super::super::seat::Seat;
use super::super::written::Written;
use super::broker::{Ensemble, Kafka, Listener, Mode, Part, Topic};
use super::contract::{KRAFT_IMAGE, ZOOKEEPER_IMAGE};
use super::listeners::{CONTROLLER, PROTOCOLS};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Image, is_uuid};
use crate::profile::{Value, read, scalar};
use crate::source::{Edit, Span, Spanned};

pub(super) fn read(written: &Written<'_>, diags: &mut Diagnostics) -> Option<Kafka> {
    let section = written.value;
    let said = read::text_at(section, "mode")?;
    let (mode, image) = if said.value == "kraft" {
        (kraft(written, diags), KRAFT_IMAGE)
    } else {
        (zookeeper(written, diags), ZOOKEEPER_IMAGE)
    };
    let volume = written.volume("volume", diags);
    let image =
        Image::parse(&format!("docker.io/{image}")).map(|image| Spanned::new(image, said.span));
    let image = written.image(image, diags);
    let topics = read::entries_at(section, "topics")
        .filter_map(|(name, value)| topic(name, value, written, diags));
    let topics = topics.collect();
    let listeners = read::entries_at(section, "listeners")
        .filter_map(|(name, value)| listener(name, value, written, diags))
        .collect();
    Some(Kafka {
        name: written.name.value.clone(),
        path: written.path.to_owned(),
        span: written.span(),
        image: image?,
        said_version: written.version(),
        mode: Spanned::new(mode?, said.span),
        volume,
        heap_mib: read::mib_at(section, "heap")?,
        port: read::number_at(section, "port")?,
        seat: Seat::read(section)?,
        listeners,
        config: written.settings(),
        topics,
        jvm: Jvm::read(section, written.path, diags),
        additions: Additions::read(section, written.path, diags),
    })
}

fn kraft(written: &Written<'_>, diags: &mut Diagnostics) -> Option<Mode> {
    let (section, path) = (written.value, written.path);
    if let Some(zookeeper) = section.get("zookeeper") {
        diags.report(
            Diagnostic::error(
                "key-conflict",
                zookeeper.span,
                "a KRaft cluster has no ZooKeeper",
                "means nothing in this mode",
            )
            .help(format!("remove `{path}.zookeeper`, or set `{path}.mode: zookeeper`"))
            .edit(Edit::remove(zookeeper.span)),
        );
    }
    let cluster_id = match read::text_at(section, "cluster_id") {
        None => None,
        Some(id) if is_uuid(&id.value) => Some(id),
        Some(id) => {
            let title = format!("cluster id `{}` is not 22 characters of base64url", id.value);
            diags.report(
                Diagnostic::error("kafka-cluster-id", id.span, title, "not an id Kafka takes")
                    .help(
                        "remove it, and one is drawn when the cluster is born, \
                         or take one from `kafka-storage random-uuid`",
                    )
                    .edit(Edit::remove(id.span)),
            );
            return None;
        }
    };
    let part = part(written, cluster_id.as_ref(), diags)?;
    Some(Mode::Kraft {
        cluster_id,
        controller_port: read::number_at(section, "controller_port")?,
        part,
    })
}

/// Reports a key that another one leaves without a meaning.
fn conflict(place: Span, because: Span, title: String, help: String, diags: &mut Diagnostics) {
    diags.report(
        Diagnostic::error("key-conflict", place, title, "means nothing here")
            .related(because, "because of this")
            .help(help)
            .edit(Edit::remove(place)),
    );
}

/// Returns which part of the cluster the nodes are.
fn part(
    written: &Written<'_>,
    cluster_id: Option<&Spanned<String>>,
    diags: &mut Diagnostics,
) -> Option<Part> {
    let (section, path) = (written.value, written.path);
    let process = read::text_at(section, "process").filter(|said| said.value == "controller");
    let said = section.get("controllers");
    if let Some(process) = process {
        let spans = |key: &str| section.get(key).map(|value| value.span);
        for key in ["controllers", "topics", "listeners"] {
            let Some(place) = spans(key) else { continue };
            let title =
                format!("`{path}.{key}` is for brokers, and these nodes are controllers alone");
            let help = format!("say it in the role of the brokers, and remove `{path}.{key}` here");
            conflict(place, process.span, title, help, diags);
        }
        if let Some(id) = cluster_id {
            let title = format!("`{path}.cluster_id` takes away the brokers' last guard");
            diags.report(
                Diagnostic::error(
                    "kafka-cluster-id-unguarded",
                    id.span,
                    title,
                    "the same after the controllers have lost everything",
                )
                .related(process.span, "nobody here knows what the brokers have")
                .help(format!(
                    "remove `{path}.cluster_id`: an id is drawn when the controllers are born"
                ))
                .edit(Edit::remove(id.span)),
            );
        }
        return Some(Part::Controllers { said: process.span });
    }
    let Some(said) = said else { return Some(Part::Combined) };
    let Some(role) = read::text_at(said, "role") else {
        read::missing(
            said.span,
            &format!("{path}.controllers"),
            "role",
            "kafka-controllers",
            diags,
        );
        return None;
    };
    if role.value == written.role.name {
        let title = format!("`{path}.controllers` names the role that it is in");
        let help =
            format!("remove `{path}.controllers`: the nodes of the lowest ids are the controllers");
        diags.report(
            Diagnostic::error("key-conflict", role.span, title, "these nodes are brokers")
                .help(help)
                .edit(Edit::remove(said.span)),
        );
        return None;
    }
    if let Some(id) = cluster_id {
        let title = format!("`{path}.cluster_id` is for the controllers to know");
        let help = format!("remove `{path}.cluster_id`: the brokers ask the controllers");
        conflict(id.span, said.span, title, help, diags);
    }
    Some(Part::Brokers(role))
}

/// Finds who serves the ensemble of a broker: named servers, another role's nodes, or the nodes' own.
fn zookeeper(written: &Written<'_>, diags: &mut Diagnostics) -> Option<Mode> {
    for key in ["process", "controllers"] {
        let Some(said) = written.value.get(key) else { continue };
        let because = read::text_at(written.value, "mode").map_or(written.span(), |mode| mode.span);
        let title = format!("`{}.{key}` is for KRaft mode", written.path);
        let help = format!("remove `{0}.{key}`, or set `{0}.mode: kraft`", written.path);
        conflict(said.span, because, title, help, diags);
    }
    let said = written.value.get("zookeeper");
    let chroot = said.and_then(|said| read::text_at(said, "chroot"));
    if let Some(chroot) = &chroot
        && !(chroot.value.is_empty()
            || chroot.value.len() > 1 && scalar::is_clean_path(&chroot.value))
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
    let Some(said) = named else {
        return Some(Mode::Zookeeper { ensemble: Ensemble::Of(Origin::Here), chroot });
    };
    let path = format!("{}.zookeeper", written.path);
    let (key, value) = read::one_of(said, said.span, &path, &["role", "connect"], diags)?;
    let ensemble = if key == "connect" {
        Ensemble::Servers(connect(said, value.span, &path, diags)?)
    } else {
        let role = read::text(value)?;
        // the role itself, named: its own servers, beside the brokers
        let here = role.value == written.role.name;
        Ensemble::Of(if here { Origin::Here } else { Origin::Role(role) })
    };
    Some(Mode::Zookeeper { ensemble, chroot })
}

fn connect(
    said: &Value,
    span: Span,
    path: &str,
    diags: &mut Diagnostics,
) -> Option<Vec<Spanned<String>>> {
    let mut servers = Vec::new();
    for server in read::texts_at(said, "connect") {
        let fits = server.value.rsplit_once(':').is_some_and(|(host, port)| {
            scalar::is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0)
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
                format!("this Kafka has no ZooKeeper: `{path}.connect` names no server"),
                "no server",
            )
            .help("name each server, as in `zookeeper-1.example.net:2181`"),
        );
        return None;
    }
    Some(servers)
}

fn listener(
    name: &Spanned<String>,
    value: &Value,
    written: &Written<'_>,
    diags: &mut Diagnostics,
) -> Option<Listener> {
    let path = format!("{}.listeners", written.path);
    let word = name.value.as_str();
    let legal = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let meant = PROTOCOLS.contains(&word) && word != "PLAINTEXT";
    let why = if !word.chars().all(legal) {
        Some("not capital letters, digits and `_`")
    } else if word == CONTROLLER {
        Some("the listener of KRaft's controllers")
    } else if meant || word.ends_with("SSL") {
        Some("promises a protocol that this listener does not speak")
    } else {
        None
    };
    if let Some(why) = why {
        let title = format!("`{word}` is no name for a listener of `{path}`");
        diags.report(
            Diagnostic::error("kafka-listener-name", name.span, title, why)
                .help("name it for who uses it, as INTERNAL, CLIENTS or OFFICE"),
        );
        return None;
    }
    let audience = read::audience(value, &path, diags);
    let Some(port) = read::number_at(value, "port") else {
        if value.get("port").is_none() {
            read::missing(value.span, &format!("{path}.{word}"), "port", "9094", diags);
        }
        return None;
    };
    let host = |key| {
        let said = value.get(key)?;
        Some(Spanned::new(read::host_text(said)?, said.span))
    };
    let (bind, advertise) = (host("bind"), host("advertise"));
    Some(Listener { name: name.clone(), port, audience, bind, advertise })
}

fn topic(
    name: &Spanned<String>,
    value: &Value,
    written: &Written<'_>,
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
    let nodes = u32::try_from(written.role.nodes.len()).unwrap_or(u32::MAX);
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
