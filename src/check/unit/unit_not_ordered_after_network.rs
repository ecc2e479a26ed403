//! A service runs a container others must reach, or pulls an image, and does not wait for the network.
//!
//! # Why
//! Without `After=network-online.target` a unit may start before the machine has an address or a name server: the pull
//! fails, or the member registers under an address nobody reaches.
//!
//! # Fix
//! Add `Wants=network-online.target` and `After=network-online.target`: the first makes it happen, the second waits.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "unit-not-ordered-after-network",
    source: include_str!("unit_not_ordered_after_network.rs"),
    run,
};

const TARGET: &str = "network-online.target";

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.whole().filter(|unit| unit.is_service()) {
        let needs = |verb: &str| matches!(verb, "run" | "pull");
        let calls = unit.commands.iter().filter_map(|command| command.call.as_ref());
        let waits = unit.words("Unit", "After").any(|name| name == TARGET);
        let is_wanted = ["Wants", "Requires", "BindsTo"]
            .iter()
            .any(|key| unit.words("Unit", key).any(|name| name == TARGET));
        if !calls.into_iter().any(|call| needs(&call.verb.text)) || waits && is_wanted {
            continue;
        }
        let title = format!("`{}` does not wait for the network", unit.name());
        let (span, label) = match unit.last("Unit", "After") {
            Some((file, option)) if !waits => {
                (unit.value_span(view.sources, file, option), "not after the network")
            }
            Some((file, option)) => {
                (unit.value_span(view.sources, file, option), "waits for what nothing wants")
            }
            None => (unit.section_span(view.sources, "Unit"), "no `After=` below"),
        };
        let (help, lines) = if waits {
            ("add `Wants=network-online.target`", "Wants=network-online.target")
        } else {
            (
                "add `Wants=network-online.target` and `After=network-online.target`",
                "Wants=network-online.target\nAfter=network-online.target",
            )
        };
        diags.report_once(
            Diagnostic::warning(CHECK.code, span, title, label).help(help).edit(unit.add_options(
                view.sources,
                "Unit",
                lines,
            )),
        );
    }
}
