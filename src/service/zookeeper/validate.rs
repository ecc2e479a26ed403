//! What keeps the servers from forming one ensemble.

use super::super::member::without_address;
use super::contract::IMAGE;
use super::environment;
use super::section::Zookeeper;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Identity, Piece, Role};
use crate::source::{Edit, Span, Spanned};

/// Lines of `zoo.cfg` that cfgbuild or the image writes and that must not come twice, or that would lose data.
const OWNED: [(&str, &str); 12] = [
    ("dataDir", "`volume` says where data lives"),
    ("dataLogDir", "`log_volume` says where the transaction log lives"),
    ("clientPort", "`client_port` is written into the server list"),
    ("clientPortAddress", "clients are served on every address"),
    ("secureClientPortAddress", "clients are served on `client_port`"),
    ("secureClientPort", "clients are served on `client_port`"),
    ("dynamicConfigFile", "the members are listed by cfgbuild"),
    ("forceSync", "what is acknowledged would be lost with the power"),
    ("reconfigEnabled", "a change of members would be forgotten at the next start"),
    ("standaloneEnabled", "follows from the number of nodes"),
    ("admin.serverPort", "is `admin_port`"),
    ("metricsProvider.httpPort", "is `metrics_port`"),
];

pub(super) fn validate(zookeeper: &Zookeeper, role: &Role, diags: &mut Diagnostics) {
    members(zookeeper.span, role, diags);
    lines(zookeeper, diags);
    let (additions, path) = (&zookeeper.additions, &zookeeper.path);
    additions.validate(path, |name| environment::owner(name, path), diags);
    additions.holds(path, &zookeeper.heap_mib, diags);
    let too_old = zookeeper.version().filter(|version| version.value < (3, 6));
    if let Some(Spanned { value: (major, minor), span }) = too_old {
        let image = &zookeeper.image;
        let found = Diagnostic::error(
            "zookeeper-image-too-old",
            span,
            format!(
                "ZooKeeper {major}.{minor} has neither server lists with client ports nor metrics"
            ),
            "needs ZooKeeper 3.6 or newer",
        )
        .edit(Edit::write(image.span, IMAGE));
        diags.report(match &zookeeper.said_version {
            Some(said) => found
                .help(format!("use `{IMAGE}`, and remove `{}.version`", zookeeper.path))
                .edit(Edit::remove(said.span)),
            None => found.help(format!("use `{IMAGE}`")),
        });
    }
}

/// Every server lists all others with id and address, so all must be known when the first is built.
fn members(span: Span, role: &Role, diags: &mut Diagnostics) {
    if role.identity.value == Identity::Shared {
        diags.report(
            Diagnostic::error(
                "zookeeper-needs-pinned",
                role.identity.span,
                "ZooKeeper servers cannot share one config",
                "each server needs an id and the address of every other",
            )
            .related(span, "ZooKeeper is asked for here")
            .help("set `cluster.identity: pinned`")
            .edit(Edit::set(["cluster", "identity"], "pinned")),
        );
        return;
    }
    if let Some((node, who)) = without_address(role) {
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
    for node in &role.nodes {
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

/// Returns why a line is not the profile's.
pub(super) fn owner(name: &str) -> Option<&'static str> {
    let owner = OWNED.iter().find(|(owned, _)| *owned == name).map(|(_, reason)| *reason);
    owner.or(name.starts_with("server.").then_some("the members are listed by cfgbuild"))
}

fn lines(zookeeper: &Zookeeper, diags: &mut Diagnostics) {
    let path = &zookeeper.path;
    for (name, value) in &zookeeper.config {
        if let Some(reason) = owner(name) {
            diags.report(
                Diagnostic::error(
                    "zookeeper-config-owned",
                    value.span,
                    format!("`{name}` is not for `{path}.config`"),
                    reason,
                )
                .help(format!("remove `{name}`"))
                .edit(Edit::remove(value.span)),
            );
        }
        // where bash splits what stands outside of quotes
        let blank = |text: &str| text.contains([' ', '\t', '\n']);
        let torn = value.value.all().iter().any(|text| {
            text.pieces().iter().any(|piece| matches!(piece, Piece::Literal(text) if blank(text)))
        });
        if torn || blank(name) {
            diags.report(
                Diagnostic::error(
                    "zookeeper-config-blank",
                    value.span,
                    format!("`{name}` of `{path}.config` contains a blank"),
                    "the image splits its extra lines at blanks",
                )
                .help("write it without blanks, or give the whole `zoo.cfg` as a file"),
            );
        }
    }
}
