//! etcd finds its members through discovery.etcd.io.
//!
//! # Why
//! The public service is deprecated and was away for days in 2026. A new cluster cannot form while it is, and whoever
//! reads the token can join the cluster. etcd 3.7 has dropped the protocol.
//!
//! # Fix
//! List the members: remove `etcd.discovery` and give the nodes a `cluster.domain` or addresses. Where addresses are
//! known only at boot, serve the token from an etcd of your own: `cfgbuild token new` makes one there.

use super::super::section::{Bootstrap, Etcd};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "etcd-discovery-public", source: include_str!("etcd_discovery_public.rs"), run };

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(etcd) = Etcd::of(seen) else { return };
    let Bootstrap::DiscoveryV2 { url } = &etcd.bootstrap.value else { return };
    if !url.starts_with("https://discovery.etcd.io/") {
        return;
    }
    let known = seen.role.nodes.iter().all(|node| node.address.is_some());
    let finding = Diagnostic::warning(
        CHECK.code,
        etcd.bootstrap.span,
        "etcd forms only while discovery.etcd.io answers, which is deprecated",
        "a public service",
    );
    diags.report(if known {
        finding
            .help(format!(
                "remove `{}.discovery`: the members are then listed by their addresses",
                etcd.path
            ))
            .edit(Edit::remove(etcd.bootstrap.span))
    } else {
        finding.help(format!(
            "set `cluster.domain` and remove `{}.discovery`, or use a registry of your own",
            etcd.path
        ))
    });
}
