//! A unit uses what another system's metadata agent writes.
//!
//! # Why
//! On Container Linux and Flatcar the variables begin with `COREOS_`, on Fedora CoreOS with `AFTERBURN_`. The file has
//! another name on each; Flatcar has a link by Container Linux's name. On the wrong system the variable is empty, or
//! the file is missing and the unit fails.
//!
//! # Fix
//! Write the target's own name; a template with `{{host.private_ipv4}}` is right on every system.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::os;

pub(super) const CHECK: Check = Check {
    code: "unit-variable-of-other-os",
    source: include_str!("unit_variable_of_other_os.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let os = view.os;
    let system = os::table(os);
    let right = system.metadata.prefix;
    let is_of_other = |name: &str| {
        !name.starts_with(right) && os::all().any(|other| name.starts_with(other.metadata.prefix))
    };
    for unit in view.units.iter() {
        for command in &unit.commands {
            for word in &command.line.words {
                for variable in
                    word.variables().into_iter().filter(|variable| is_of_other(variable.name))
                {
                    let title = format!("`{}` is not known on {os}", variable.name);
                    let span =
                        unit.span(view.sources, command.file, &word.part(variable.range.clone()));
                    let finding = Diagnostic::error(CHECK.code, span, title, "becomes nothing");
                    diags.report_once(finding.help(format!(
                        "{os} has `{right}…`; `{{{{host.private_ipv4}}}}` is right everywhere"
                    )));
                }
            }
        }
        for (file, option) in unit.all("Service", "EnvironmentFile") {
            let path = option.value.text.trim_start_matches('-');
            let is_written = system.writes_metadata_to(path);
            if !is_written && os::all().any(|other| other.writes_metadata_to(path)) {
                let title = format!("`{path}` is not there on {os}");
                let span = unit.value_span(view.sources, file, option);
                let finding =
                    Diagnostic::error(CHECK.code, span, title, "written by another system's agent");
                diags.report_once(
                    finding.help("remove the line, and use `{{host.private_ipv4}}` and its like"),
                );
            }
        }
    }
}
