//! What the image is told: variables, of which it makes `zoo.cfg` at each start.

use std::fmt::Write as _;

use super::super::jvm;
use super::super::member::{Member, around, host, variable};
use super::super::properties;
use super::section::Zookeeper;
use crate::model::{Role, Text, Variable};

/// Returns the variables of one server.
pub(super) fn environment(zookeeper: &Zookeeper, member: Member<'_>) -> Vec<Variable> {
    let heap = &zookeeper.heap_mib;
    let purge = &zookeeper.autopurge_hours;
    let alone = member.role.nodes.len() == 1;
    let plain = |name: &str, value: String, span| variable(name, Text::literal(value), span);
    vec![
        plain("JVMFLAGS", flags(zookeeper), heap.span),
        plain("ZOO_4LW_COMMANDS_WHITELIST", "srvr,ruok,mntr".to_owned(), zookeeper.span),
        plain("ZOO_AUTOPURGE_PURGEINTERVAL", purge.value.to_string(), purge.span),
        variable("ZOO_CFG_EXTRA", extra_lines(zookeeper, member.position), zookeeper.span),
        plain("ZOO_MY_ID", member.node.id.value.to_string(), member.node.id.span),
        plain("ZOO_SERVERS", servers(zookeeper, member.role), zookeeper.span),
        plain("ZOO_STANDALONE_ENABLED", alone.to_string(), zookeeper.span),
    ]
}

/// Returns the options of the JVM, which come behind the image's own and so win.
///
/// The image asks for a dump of a full heap in its working directory, which would fill the disk of the container.
fn flags(zookeeper: &Zookeeper) -> String {
    let jvm = &zookeeper.jvm;
    let mut flags = jvm.memory(&zookeeper.heap_mib);
    // A server without a database has no vote: `zookeeperAdmin`, `zookeeper.db.autocreate`.
    flags.push_str(" -Dzookeeper.db.autocreate=false");
    if !jvm.dumps() {
        flags.push_str(" -XX:-HeapDumpOnOutOfMemoryError");
    }
    flags.extend(jvm.options().map(|options| format!(" {options}")));
    flags
}

/// Variables that follow from the rest of the profile, with what decides them; `PATH` stands for the section.
const OWNED: [(&str, &str); 12] = [
    ("JVMFLAGS", "write the options in `PATH.jvm.options`"),
    ("SERVER_JVMFLAGS", "write the options in `PATH.jvm.options`"),
    ("ZK_SERVER_HEAP", "set `PATH.heap`"),
    ("ZOO_4LW_COMMANDS_WHITELIST", "probes and metrics ask with these words"),
    ("ZOO_AUTOPURGE_PURGEINTERVAL", "set `PATH.autopurge_hours`"),
    ("ZOO_CFG_EXTRA", "write its lines in `PATH.config`"),
    ("ZOO_DATA_DIR", "set `PATH.volume`"),
    ("ZOO_DATA_LOG_DIR", "set `PATH.log_volume`"),
    ("ZOO_LOG_DIR", "the server logs to the journal"),
    ("ZOO_MY_ID", "set `id` of the node"),
    ("ZOO_SERVERS", "is the list of `cluster.nodes`"),
    ("ZOO_STANDALONE_ENABLED", "follows from the number of nodes"),
];

/// Returns what decides a variable, as an advice; `None` where the profile may set it.
pub(super) fn owner(name: &str, path: &str) -> Option<String> {
    let owned = OWNED.iter().find(|(owned, _)| *owned == name);
    owned.map(|(_, owner)| owner.replace("PATH", path)).or_else(|| jvm::owner(name, path))
}

/// Returns the lines the image has no variable for, the profile's last: `zoo.cfg` is a file of properties, which keeps
/// the last of its kind.
fn extra_lines(zookeeper: &Zookeeper, position: usize) -> Text {
    let mut text = Text::literal(format!(
        "admin.serverPort={} \
         metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider \
         metricsProvider.httpPort={}",
        zookeeper.admin_port.value, zookeeper.metrics_port.value
    ));
    for (name, value) in &zookeeper.config {
        let value = properties::value(value.value.on(position));
        text.push(&around(&format!(" {}=", properties::name(name)), &value, ""));
    }
    text
}

/// Returns `server.N=host:peer:election;client` of every node, by blanks.
fn servers(zookeeper: &Zookeeper, role: &Role) -> String {
    let (peer, election) = (zookeeper.peer_port.value, zookeeper.election_port.value);
    let client = zookeeper.client_port.value;
    let mut list = String::new();
    for node in &role.nodes {
        let blank = if list.is_empty() { "" } else { " " };
        let (id, host) = (node.id.value, host(node).unwrap_or_default());
        let _infallible = write!(list, "{blank}server.{id}={host}:{peer}:{election};{client}");
    }
    list
}
