//! The ZooKeeper of a broker: that there is one, and that its servers are on the port they listen on.

use super::super::declared::{Answer, Met, Origin};
use super::broker::{Ensemble, Kafka, Mode};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::source::{Edit, Spanned};

/// Reports what keeps a broker from its ZooKeeper.
pub(super) fn validate(kafka: &Kafka, role: &Role, met: &Met, diags: &mut Diagnostics) {
    let Mode::Zookeeper { ensemble, chroot: _ } = &kafka.mode.value else { return };
    let missing = matches!(met.answers.first(), Some(Answer::Missing));
    match ensemble {
        Ensemble::Of(Origin::Here) if missing => drop(diags.report(
            Diagnostic::error(
                "kafka-without-zookeeper",
                kafka.span,
                "this Kafka has no ZooKeeper",
                "runs in `zookeeper` mode",
            )
            .help(format!(
                "add a `zookeeper` section, name its role with `{0}.zookeeper.role`, or set `{0}.mode: kraft`",
                kafka.path
            )),
        )),
        Ensemble::Of(Origin::Role(other)) if missing => {
            let title = format!("role `{}` has no `zookeeper` section", other.value);
            diags.report(
                Diagnostic::error("kafka-without-zookeeper", other.span, title, "is no ensemble")
                    .help("name a role that runs ZooKeeper"),
            );
        }
        Ensemble::Of(_) => {}
        Ensemble::Servers(servers) => ports(servers, role, met, diags),
    }
}

/// Where listed servers are this role's own, they are on the port that these listen on.
fn ports(servers: &[Spanned<String>], role: &Role, met: &Met, diags: &mut Diagnostics) {
    let Some(own) = met.beside("zookeeper") else { return };
    let listens = &own.port;
    for server in servers {
        let Some((host, port)) = server.value.rsplit_once(':') else { continue };
        let is_own = |address: &Spanned<String>| address.value == host;
        let ours = role.nodes.iter().any(|node| node.address.as_ref().is_some_and(is_own));
        if !ours || port.parse() == Ok(listens.value) {
            continue;
        }
        let title =
            format!("kafka connects to ZooKeeper at `{}`, where none listens", server.value);
        diags.report(
            Diagnostic::error("kafka-zookeeper-port-mismatch", server.span, title, "another port")
                .related(listens.span, format!("ZooKeeper listens on {} here", listens.value))
                .help(format!("connect to `{host}:{}`", listens.value))
                .edit(Edit::write(server.span, format!("{host}:{}", listens.value))),
        );
    }
}
