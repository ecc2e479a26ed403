//! Flags that a profile may not set, because the rest of the machine stands on them.

use super::section::Etcd;
use super::variable;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Edit, Span};

/// Flags that follow from the rest of the profile, with what decides them; `PATH` stands for the section.
const OWNED: [(&str, &str); 32] = [
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
    ("initial-cluster", DECIDED),
    ("initial-cluster-state", DECIDED),
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
    ("version", "etcd would print its version and end"),
    ("wal-dir", "the log lives beside the data, on `PATH.volume`"),
];

/// Why nothing of TLS has an effect.
const PLAIN: &str = "etcd is reached by plain http here, and would ignore it";

/// Why nothing of how a member begins is said beforehand.
const DECIDED: &str =
    "is decided on the machine, at each start: `PATH.birth` says who founds the cluster";

/// Reports a flag that cannot be the profile's; tells whether it is one.
pub(super) fn validate(name: &str, span: Span, etcd: &Etcd, diags: &mut Diagnostics) -> bool {
    let Some(owner) = owner(name, &etcd.path) else { return false };
    diags.report(refused(name, span, &owner, etcd));
    true
}

/// Returns whether a flag is not the profile's.
pub(super) fn is_owned(flag: &str) -> bool {
    OWNED.iter().any(|(owned, _)| *owned == flag)
}

/// A variable of etcd that no flag means.
const NO_FLAG: &str = "ETCD_UNSUPPORTED_ARCH";

/// Returns what decides a variable, as an advice; `None` where the profile may set it.
///
/// etcd does not start where a flag and its variable are both set, and a flag is what is checked here.
pub(super) fn variable(name: &str, path: &str) -> Option<String> {
    let flag = variable::flag(name).filter(|_| name != NO_FLAG)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owned_flags_are_sorted_and_written_as_flags() {
        assert!(OWNED.is_sorted_by_key(|(name, _)| *name));
        for (name, _) in OWNED {
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{name}");
        }
    }
}
