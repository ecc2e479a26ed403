//! A service that keeps data writes it into its container.
//!
//! # Why
//! What a container writes goes with it: the next `docker rm`, the next start, the next machine begin empty. A quorum
//! member that forgets what it has promised can lose data for the whole cluster, and a broker that comes back empty
//! under its old id makes the others throw theirs away.
//!
//! # Fix
//! Mount a directory of a volume: `-v /var/lib/NAME/data:/PATH`, with the volume under `volumes:`.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-data-not-kept",
    source: include_str!("container_data_not_kept.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for run in view.units.runs() {
        let Some(known) = Known::run(&run) else { continue };
        if run.call.mounted().any(|mounted| mounted.source.is_some())
            || run.call.values("volumes-from").next().is_some()
        {
            continue;
        }
        let title = format!("{} keeps its data in the container", known.name());
        let mut finding = Diagnostic::error(
            CHECK.code,
            run.image_span(view.sources),
            title,
            format!("writes to {}, and no `-v` keeps it", known.image.data.join(" and ")),
        );
        for command in &run.unit.commands {
            if let Some(call) = command.call.as_ref().filter(|call| call.verb.text == "rm") {
                finding = finding.related(
                    run.unit.span(view.sources, command.file, &call.verb.at),
                    "deletes it",
                );
            }
        }
        let name = run.unit.name().split('.').next().unwrap_or("");
        let binds: Vec<String> = known
            .image
            .data
            .iter()
            .map(|data| {
                format!("`-v /var/lib/{name}/{}:{data}`", data.rsplit('/').next().unwrap_or("data"))
            })
            .collect();
        diags.report_once(
            finding.help(format!("declare a volume, and add {}", binds.join(" and "))),
        );
    }
}
