//! One file is read as `EnvironmentFile=` and as `--env-file`.
//!
//! # Why
//! systemd strips quotes from values, docker does not: `A="x y"` is `x y` to one and `"x y"` with its quotes to the
//! other. A value with blanks or `;`, as the server list of ZooKeeper, cannot be written so that both read it right.
//!
//! # Fix
//! Keep `EnvironmentFile=` and write `-e NAME` for each variable: docker takes the value from its own environment.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "unit-environment-file-shared",
    source: include_str!("unit_environment_file_shared.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        for (file, option) in unit.all("Service", "EnvironmentFile") {
            let path = option.value.text.trim_start_matches('-');
            for command in &unit.commands {
                let files = command.call.iter().flat_map(|call| call.values("env-file"));
                let Some(shared) = files.into_iter().find(|word| word.text == path) else {
                    continue;
                };
                let title =
                    format!("`{path}` is read by systemd and by docker, and they differ in quotes");
                let span = unit.span(view.sources, command.file, &shared.at);
                let label = "docker keeps quotes as part of the value";
                let finding = if has_quotes(view, path) {
                    Diagnostic::error(CHECK.code, span, title, label)
                } else {
                    Diagnostic::warning(CHECK.code, span, title, label)
                };
                diags.report_once(
                    finding
                        .related(unit.value_span(view.sources, file, option), "systemd strips them")
                        .help("write `-e NAME` for each variable instead of `--env-file`"),
                );
            }
        }
    }
}

/// Returns whether the profile writes the file with quoted values.
fn has_quotes(view: &View<'_>, path: &str) -> bool {
    let files = view.files.iter().filter(|file| file.path.value == path);
    files.flat_map(|file| file.contents.all()).any(|bytes| {
        let text = String::from_utf8_lossy(bytes);
        text.lines().any(|line| {
            line.split_once('=').is_some_and(|(_, value)| value.starts_with(['"', '\'']))
        })
    })
}
