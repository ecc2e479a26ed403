//! The `packer` section: provisioners of an image, which no node differs in.

use super::host::{differs, holds_secret};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Provisioner;
use crate::profile::read;
use crate::profile::{Value, ValueKind};

/// Returns the provisioners in the order they are written.
pub(super) fn provisioners(tree: &Value, diags: &mut Diagnostics) -> Vec<Provisioner> {
    let written = tree.get("packer").and_then(|section| section.get("provisioners"));
    let items = written.map(Value::items).unwrap_or_default();
    let mut found = Vec::new();
    for (kind, settings) in items.iter().flat_map(Value::entries) {
        if differs(settings) {
            let title = format!("provisioner `{}` differs from node to node", kind.value);
            diags.report(
                Diagnostic::error("differs-by-node", settings.span, title, "one image, many nodes")
                    .help(
                        "leave out `node` and `nodes`: what a node has of its own is in its config",
                    ),
            );
            continue;
        }
        let entries = match settings.kind {
            ValueKind::Map(_) | ValueKind::Null => settings.entries(),
            ValueKind::List(_) | ValueKind::Scalar(_) => {
                let title = format!("the settings of provisioner `{}` are no map", kind.value);
                diags.report(
                    Diagnostic::error("wrong-type", settings.span, title, "must be a map")
                        .help("write a provisioner as `- shell: { inline: [\"…\"] }`"),
                );
                continue;
            }
        };
        found.push(Provisioner {
            kind: kind.clone(),
            settings: entries
                .iter()
                .map(|(name, value)| (name.value.clone(), read::json(value, 0)))
                .collect(),
            secret: holds_secret(settings),
        });
    }
    found
}
