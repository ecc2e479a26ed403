//! Flags that a profile may not set, because the rest of the machine stands on them.

use std::collections::BTreeMap;

use super::super::member::host;
use super::section::{Bootstrap, Etcd};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{PerNode, Role, Text};
use crate::source::{Edit, Span, Spanned};

/// Flags that follow from the rest of the profile, with what decides them; `PATH` stands for the section.
const OWNED: [(&str, &str); 29] = [
    ("advertise-client-urls", "follows from the node's address and `PATH.client_port`"),
    ("auto-tls", PLAIN),
    ("cert-file", PLAIN),
    ("client-cert-auth", PLAIN),
    ("config-file", "etcd would read no other flag"),
    ("data-dir", "`PATH.volume` says where data lives"),
    ("discovery", "set `PATH.discovery`"),
    ("discovery-endpoints", "set `PATH.discovery_endpoints`"),
    ("discovery-fallback", "a member that is one too many must not become a proxy"),
    ("discovery-srv", "set `PATH.bootstrap`"),
    ("discovery-srv-name", "set `PATH.bootstrap`"),
    ("discovery-token", "set `PATH.discovery_token`"),
    ("force-new-cluster", "it would throw the other members out at every start"),
    ("initial-advertise-peer-urls", "follows from the node's address and `PATH.peer_port`"),
    ("initial-cluster-token", "is `cluster.name`"),
    ("key-file", PLAIN),
    ("listen-client-http-urls", "set `PATH.client_port`"),
    ("listen-client-urls", "set `PATH.client_port`"),
    ("listen-peer-urls", "set `PATH.peer_port`"),
    ("name", "is the name of the node"),
    ("peer-auto-tls", PLAIN),
    ("peer-cert-file", PLAIN),
    ("peer-client-cert-auth", PLAIN),
    ("peer-key-file", PLAIN),
    ("peer-trusted-ca-file", PLAIN),
    ("proxy", "every node is a member"),
    ("trusted-ca-file", PLAIN),
    ("unsafe-no-fsync", "what is acknowledged would be lost with the power"),
    ("wal-dir", "the log lives beside the data, on `PATH.volume`"),
];

/// Why nothing of TLS has an effect.
const PLAIN: &str = "etcd is reached by plain http here, and would ignore it";

/// The members, which a profile may repeat.
const MEMBERS: &str = "initial-cluster";

/// Reports a flag that cannot be the profile's; tells whether it is one.
pub(super) fn validate(
    name: &str,
    value: &Spanned<PerNode<Text>>,
    etcd: &Etcd,
    role: &Role,
    diags: &mut Diagnostics,
) -> bool {
    if let Some(owner) = owner(name, &etcd.path) {
        diags.report(refused(name, value.span, &owner, etcd));
        return true;
    }
    if name != MEMBERS {
        return false;
    }
    if etcd.bootstrap.value == Bootstrap::Static {
        members(value, etcd, role, diags);
    } else {
        let reason = "the members find each other by a token";
        diags.report(
            refused(name, value.span, reason, etcd)
                .related(etcd.bootstrap.span, "etcd does not start with both"),
        );
    }
    true
}

/// A variable of etcd that no flag means.
const NO_FLAG: &str = "ETCD_UNSUPPORTED_ARCH";

/// Returns what decides a variable, as an advice; `None` where the profile may set it.
///
/// etcd does not start where a flag and its variable are both set, and a flag is what is checked here.
pub(super) fn variable(name: &str, path: &str) -> Option<String> {
    let flag = name.strip_prefix("ETCD_").filter(|_| name != NO_FLAG)?;
    let flag = flag.to_ascii_lowercase().replace('_', "-");
    Some(owner(&flag, path).unwrap_or_else(|| format!("write `{flag}` in `{path}.config`")))
}

/// Returns what decides a flag that is not the profile's.
fn owner(flag: &str, path: &str) -> Option<String> {
    let (_, owner) = OWNED.iter().find(|(owned, _)| *owned == flag)?;
    Some(owner.replace("PATH", path))
}

fn refused(name: &str, span: Span, reason: &str, etcd: &Etcd) -> Diagnostic {
    let title = format!("`{name}` is not for `{}.config`", etcd.path);
    Diagnostic::error("etcd-config-owned", span, title, reason.to_owned())
        .help(format!("remove `{name}`"))
        .edit(Edit::remove(span))
}

/// A member that its own list does not have, or has at another URL, does not start.
fn members(value: &Spanned<PerNode<Text>>, etcd: &Etcd, role: &Role, diags: &mut Diagnostics) {
    let port = etcd.peer_port.value;
    let urls = role.nodes.iter().filter_map(|node| {
        Some((node.name.value.as_str(), (node, format!("http://{}:{port}", host(node)?))))
    });
    let urls: BTreeMap<_, _> = urls.collect();
    if urls.len() < role.nodes.len() {
        // a node without an address has been reported
        return;
    }
    for text in value.value.all() {
        let Some(text) = text.plain() else { continue };
        let written: BTreeMap<&str, &str> =
            text.split(',').filter_map(|entry| entry.trim().split_once('=')).collect();
        let absent = urls.iter().find(|(name, _)| !written.contains_key(*name));
        let strange = written.iter().find_map(|(name, url)| match urls.get(name) {
            None => Some((*name, *url, None)),
            Some((node, right)) => {
                (right != url).then_some((*name, *url, Some((*node, right.as_str()))))
            }
        });
        let (title, node) = match (absent, strange) {
            (Some((name, (node, _))), _) => {
                (format!("`{MEMBERS}` leaves out node `{name}`"), Some((*node, "this node")))
            }
            (None, Some((name, _, None))) => {
                (format!("`{MEMBERS}` names `{name}`, which is no node of this role"), None)
            }
            (None, Some((name, url, Some((node, right))))) => (
                format!("`{MEMBERS}` has `{name}` at `{url}`, which advertises `{right}`"),
                Some((node, "this node")),
            ),
            (None, None) => continue,
        };
        let mut found = Diagnostic::error(
            "etcd-initial-cluster-mismatch",
            value.span,
            title,
            "etcd does not start with such a list",
        );
        if let Some((node, label)) = node {
            found = found.related(node.name.span, label);
        }
        diags.report(
            found
                .help(format!("remove `{MEMBERS}`: it is written from `cluster.nodes`"))
                .edit(Edit::remove(value.span)),
        );
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::sample;

    #[test]
    fn owned_flags_are_sorted_and_written_as_flags() {
        assert!(OWNED.is_sorted_by_key(|(name, _)| *name));
        for (name, _) in OWNED {
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{name}");
        }
    }

    #[test]
    fn whoever_repeats_the_members_gets_them_right() {
        let list = |hosts: [&str; 3], port| {
            let entry = |host: &str| format!("{host}=http://{host}.kafka.internal:{port}");
            hosts.map(entry).join(",")
        };
        let right = ["kafka-1", "kafka-2", "kafka-3"];
        for (written, fits) in [
            (list(right, 2380), true),
            (list(["kafka-3", "kafka-1", "kafka-2"], 2380), true),
            (list(["kafka-1", "kafka-2", "kafka-4"], 2380), false),
            (list(["kafka-1", "kafka-2", "kafka-2"], 2380), false),
            (list(right, 2381), false),
            (format!("{},kafka-4=http://a:2380", list(right, 2380)), false),
            ("kafka-1".to_owned(), false),
        ] {
            let mut cluster = sample::cluster(3);
            let mut etcd = sample::etcd(Bootstrap::Static);
            etcd.config.insert(MEMBERS.to_owned(), sample::text(&written));
            cluster.etcd = Some(etcd);
            let expected: &[&str] = if fits { &[] } else { &["etcd-initial-cluster-mismatch"] };
            assert_eq!(sample::codes(&cluster), expected, "{written}");
        }
    }
}
