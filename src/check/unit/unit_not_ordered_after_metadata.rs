//! A unit reads what the metadata agent writes, and does not wait for the agent.
//!
//! # Why
//! The file is made at boot. A unit that starts before it fails, or runs with addresses that are empty.
//!
//! # Fix
//! Add `Wants=` and `After=` with the agent's unit. A template with `{{host.private_ipv4}}` brings both by itself.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::os;

pub(super) const CHECK: Check = Check {
    code: "unit-not-ordered-after-metadata",
    source: include_str!("unit_not_ordered_after_metadata.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let Some(agent) = os::table(view.os).metadata.agent else { return };
    for unit in view.units.whole() {
        let found = unit.all("Service", "EnvironmentFile").find(|(_, option)| {
            option.value.text.trim_start_matches('-').starts_with("/run/metadata/")
        });
        let Some((file, option)) = found else { continue };
        let orders = unit.words("Unit", "After").any(|name| name == agent);
        let pulls = ["Requires", "Wants", "BindsTo"]
            .iter()
            .any(|key| unit.words("Unit", key).any(|name| name == agent));
        if orders && pulls {
            continue;
        }
        let title =
            format!("`{}` does not wait for `{agent}`, which writes its environment", unit.name());
        let span = unit.value_span(view.sources, file, option);
        diags.report_once(
            Diagnostic::warning(
                CHECK.code,
                span,
                title,
                "made at boot, perhaps later than this unit",
            )
            .help(format!("add `Wants={agent}` and `After={agent}`"))
            .edit(unit.add_options(
                view.sources,
                "Unit",
                &format!("Wants={agent}\nAfter={agent}"),
            )),
        );
    }
}
