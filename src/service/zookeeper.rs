//! ZooKeeper: one server per node, in the container `zookeeper` (the official image `zookeeper`).
//!
//! The image writes `zoo.cfg` at each start from `ZOO_*`; it ignores `ZOO_MY_ID` once a volume holds `myid`, and
//! splits `ZOO_SERVERS` and `ZOO_CFG_EXTRA` at blanks.

use std::fmt::Write;

use super::member::{
    Member, around, data_bind, host, one_per_host, port, variable, without_address,
};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Container, Identity, IdentityFile, Network, Parts, Piece, Role, Run, Step, Task, Text,
    Variable, When, Zookeeper,
};
use crate::source::{Edit, Span, Spanned};

/// Where data lives on the host without a volume.
const HOME: &str = "/var/lib/zookeeper";

/// uid and gid of the image's `zookeeper`.
const OWNER: u32 = 1000;

/// Lines of `zoo.cfg` that cfgbuild or the image writes and that must not come twice.
const OWNED: [(&str, &str); 8] = [
    ("dataDir", "`volume` says where data lives"),
    ("dataLogDir", "`log_volume` says where the transaction log lives"),
    ("clientPort", "`client_port` is written into the server list"),
    ("secureClientPort", "clients are served on `client_port`"),
    ("dynamicConfigFile", "the members are listed by cfgbuild"),
    ("standaloneEnabled", "follows from the number of nodes"),
    ("admin.serverPort", "is `admin_port`"),
    ("metricsProvider.httpPort", "is `metrics_port`"),
];

/// Reports what keeps the servers from forming one ensemble.
pub(super) fn validate(zookeeper: &Zookeeper, cluster: &Role, diags: &mut Diagnostics) {
    members(zookeeper.span, cluster, diags);
    lines(zookeeper, diags);
    let image = &zookeeper.image;
    if let Some((major, minor)) = image.value.version().filter(|version| *version < (3, 6)) {
        diags.report(
            Diagnostic::error(
                "zookeeper-image-too-old",
                image.span,
                format!("ZooKeeper {major}.{minor} has neither server lists with client ports nor metrics"),
                "needs ZooKeeper 3.6 or newer",
            )
            .help("use `zookeeper:3.8.6`")
            .edit(Edit::write(image.span, "zookeeper:3.8.6")),
        );
    }
}

/// Every server lists all others with id and address, so all must be known when the first is built.
fn members(span: Span, cluster: &Role, diags: &mut Diagnostics) {
    if cluster.identity.value == Identity::Shared {
        diags.report(
            Diagnostic::error(
                "zookeeper-needs-pinned",
                cluster.identity.span,
                "ZooKeeper servers cannot share one config",
                "each server needs an id and the address of every other",
            )
            .related(span, "ZooKeeper is asked for here")
            .help("set `cluster.identity: pinned`")
            .edit(Edit::set(["cluster", "identity"], "pinned")),
        );
        return;
    }
    if let Some((node, who)) = without_address(cluster) {
        let title = format!("{who} for ZooKeeper's server list");
        diags.report(
            Diagnostic::error(
                "zookeeper-address-missing",
                node.name.span,
                title,
                "needs an address",
            )
            .related(span, "ZooKeeper is asked for here")
            .help("set `cluster.domain`, or an `address` for each node in `cluster.nodes`"),
        );
    }
    for node in &cluster.nodes {
        let (name, id) = (&node.name, &node.id);
        if !(1..=255).contains(&id.value) {
            let title =
                format!("ZooKeeper id {} of `{}` is outside 1 to 255", id.value, name.value);
            diags.report(
                Diagnostic::error("zookeeper-id-out-of-range", id.span, title, "must be 1 to 255")
                    .related(span, "ZooKeeper is asked for here")
                    .help("set `id` of the node to a number from 1 to 255"),
            );
        }
    }
}

fn lines(zookeeper: &Zookeeper, diags: &mut Diagnostics) {
    for (name, value) in &zookeeper.config {
        let owner = OWNED.iter().find(|(owned, _)| owned == name).map(|(_, reason)| *reason);
        let owner =
            owner.or(name.starts_with("server.").then_some("the members are listed by cfgbuild"));
        if let Some(reason) = owner {
            diags.report(
                Diagnostic::error(
                    "zookeeper-config-owned",
                    value.span,
                    format!("`{name}` is not for `zookeeper.config`"),
                    reason,
                )
                .help(format!("remove `{name}`"))
                .edit(Edit::remove(value.span)),
            );
        }
        let blank = |text: &str| text.contains(char::is_whitespace);
        let torn = value.value.all().iter().any(|text| {
            text.pieces().iter().any(|piece| matches!(piece, Piece::Literal(text) if blank(text)))
        });
        if torn || blank(name) {
            diags.report(
                Diagnostic::error(
                    "zookeeper-config-blank",
                    value.span,
                    format!("`{name}` of `zookeeper.config` contains a blank"),
                    "the image splits its extra lines at blanks",
                )
                .help("write it without blanks, or give the whole `zoo.cfg` as a file"),
            );
        }
    }
}

/// Adds the server of one node.
pub(super) fn expand(zookeeper: &Zookeeper, member: Member<'_>, parts: &mut Parts) {
    let span = zookeeper.span;
    let data = member.directory(zookeeper.volume.as_ref(), HOME, "data", span);
    let log = zookeeper.log_volume.as_ref().or(zookeeper.volume.as_ref());
    let log = member.directory(log, HOME, "datalog", span);
    parts.containers.push(Container {
        name: Spanned::new("zookeeper".to_owned(), span),
        description: member.title("ZooKeeper server"),
        documentation: Some(
            "https://zookeeper.apache.org/doc/current/zookeeperAdmin.html".to_owned(),
        ),
        image: zookeeper.image.clone(),
        run: Run::Always,
        network: Network::Host,
        ports: vec![
            port("client", &zookeeper.client_port),
            port("peer", &zookeeper.peer_port),
            port("election", &zookeeper.election_port),
            port("admin", &zookeeper.admin_port),
            port("metrics", &zookeeper.metrics_port),
        ],
        user: Some(format!("{OWNER}:{OWNER}")),
        entrypoint: None,
        args: Vec::new(),
        env: environment(zookeeper, member),
        identity: Some(IdentityFile {
            path: format!("{}/myid", data.value),
            value: member.node.id.value.to_string(),
        }),
        binds: vec![
            data_bind(data, "/data", OWNER, 0o750),
            data_bind(log, "/datalog", OWNER, 0o750),
        ],
        tmpfs: vec!["/logs".to_owned()],
        ulimits: vec!["nofile=65536:65536".to_owned()],
        memory_mib: None,
        stop_timeout: 60,
        ready_port: Some(zookeeper.client_port.value),
        after: Vec::new(),
        requires: Vec::new(),
        wants: Vec::new(),
        placement: one_per_host("zookeeper"),
    });
    if !zookeeper.config.contains_key("4lw.commands.whitelist") {
        parts.tasks.push(Task {
            name: "zookeeper-serving".to_owned(),
            description: format!(
                "Waits until ZooKeeper of cluster {} serves in a quorum",
                member.cluster.name.value
            ),
            container: "zookeeper".to_owned(),
            steps: vec![Step::Hear {
                port: zookeeper.client_port.value,
                say: "srvr",
                line: "^Mode: ",
            }],
            when: When::BeforeUpdates,
            place: Spanned::new((), span),
        });
    }
}

fn environment(zookeeper: &Zookeeper, member: Member<'_>) -> Vec<Variable> {
    let heap = &zookeeper.heap_mib;
    let purge = &zookeeper.autopurge_hours;
    let alone = member.cluster.nodes.len() == 1;
    let plain = |name: &str, value: String, span| variable(name, Text::literal(value), span);
    vec![
        // Behind the image's own -Xmx, so that it wins.
        plain("JVMFLAGS", format!("-Xms{0}m -Xmx{0}m", heap.value), heap.span),
        plain("ZOO_4LW_COMMANDS_WHITELIST", "srvr,ruok,mntr".to_owned(), zookeeper.span),
        plain("ZOO_AUTOPURGE_PURGEINTERVAL", purge.value.to_string(), purge.span),
        variable("ZOO_CFG_EXTRA", extra_lines(zookeeper, member.position), zookeeper.span),
        plain("ZOO_MY_ID", member.node.id.value.to_string(), member.node.id.span),
        plain("ZOO_SERVERS", servers(zookeeper, member.cluster), zookeeper.span),
        plain("ZOO_STANDALONE_ENABLED", alone.to_string(), zookeeper.span),
    ]
}

/// Returns the lines the image has no variable for, the profile's last: `zoo.cfg` keeps the last of its kind.
fn extra_lines(zookeeper: &Zookeeper, position: usize) -> Text {
    let mut text = Text::literal(format!(
        "admin.serverPort={} \
         metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider \
         metricsProvider.httpPort={}",
        zookeeper.admin_port.value, zookeeper.metrics_port.value
    ));
    for (name, value) in &zookeeper.config {
        text.push(&around(&format!(" {name}="), value.value.on(position), ""));
    }
    text
}

/// Returns `server.N=host:peer:election;client` of every node, by blanks.
fn servers(zookeeper: &Zookeeper, cluster: &Role) -> String {
    let (peer, election) = (zookeeper.peer_port.value, zookeeper.election_port.value);
    let client = zookeeper.client_port.value;
    let mut list = String::new();
    for node in &cluster.nodes {
        let blank = if list.is_empty() { "" } else { " " };
        let (id, host) = (node.id.value, host(node).unwrap_or_default());
        let _infallible = write!(list, "{blank}server.{id}={host}:{peer}:{election};{client}");
    }
    list
}

#[cfg(test)]
mod tests {
    use crate::service::sample;

    #[test]
    fn a_server_of_three() {
        let mut cluster = sample::cluster(3);
        let mut zookeeper = sample::zookeeper();
        zookeeper.config.insert("tickTime".to_owned(), sample::text("3000"));
        cluster.zookeeper = Some(zookeeper);
        assert!(sample::codes(&cluster).is_empty());
        let parts = crate::service::expand(&cluster, 2);
        let container = parts.containers.first().expect("zookeeper");
        let env: Vec<String> = container
            .env
            .iter()
            .map(|variable| {
                format!("{}={}", variable.name.value, sample::show(variable.value.on(0)))
            })
            .collect();
        assert_eq!(
            env,
            [
                "JVMFLAGS=-Xms512m -Xmx512m",
                "ZOO_4LW_COMMANDS_WHITELIST=srvr,ruok,mntr",
                "ZOO_AUTOPURGE_PURGEINTERVAL=24",
                "ZOO_CFG_EXTRA=admin.serverPort=8080 \
                 metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider \
                 metricsProvider.httpPort=7000 tickTime=3000",
                "ZOO_MY_ID=3",
                "ZOO_SERVERS=server.1=kafka-1.kafka.internal:2888:3888;2181 \
                 server.2=kafka-2.kafka.internal:2888:3888;2181 \
                 server.3=kafka-3.kafka.internal:2888:3888;2181",
                "ZOO_STANDALONE_ENABLED=false",
            ]
        );
        let identity = container.identity.as_ref().map(|file| (&*file.path, &*file.value));
        assert_eq!(identity, Some(("/var/lib/zookeeper/data/myid", "3")));
        assert_eq!(container.description, "ZooKeeper server 3 of cluster kafka on kafka-3");
    }

    #[test]
    fn findings() {
        let mut cluster = sample::shared(3);
        cluster.zookeeper = Some(sample::zookeeper());
        assert_eq!(sample::codes(&cluster), ["zookeeper-needs-pinned"]);

        let mut cluster = sample::cluster(3);
        let mut zookeeper = sample::zookeeper();
        zookeeper.image = sample::image("zookeeper:3.4.14");
        zookeeper.config.insert("clientPort".to_owned(), sample::text("2181"));
        zookeeper.config.insert("authProvider.1".to_owned(), sample::text("a b"));
        cluster.zookeeper = Some(zookeeper);
        if let Some(node) = cluster.nodes.first_mut() {
            node.id = sample::at(300);
            node.address = None;
        }
        assert_eq!(
            sample::codes(&cluster),
            [
                "zookeeper-address-missing",
                "zookeeper-config-blank",
                "zookeeper-config-owned",
                "zookeeper-id-out-of-range",
                "zookeeper-image-too-old",
            ]
        );
    }
}
