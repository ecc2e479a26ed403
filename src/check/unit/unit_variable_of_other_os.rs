//! A unit uses what another system's metadata agent writes.
//!
//! # Why
//! On Container Linux and Flatcar the variables begin with `COREOS_`, on Fedora CoreOS with `AFTERBURN_`, and the files
//! have other names. On the wrong system the variable is empty, or the file is missing and the unit fails.
//!
//! # Fix
//! Write the target's own name; a template with `{{host.private_ipv4}}` is right on every system.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Os;

pub(super) const CHECK: Check = Check {
    code: "unit-variable-of-other-os",
    source: include_str!("unit_variable_of_other_os.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let os = view.os;
    let (wrong, path, right) = match os {
        Os::Flatcar | Os::ContainerLinux => ("AFTERBURN_", "/run/metadata/afterburn", "COREOS_"),
        Os::FedoraCoreos => ("COREOS_", "/run/metadata/flatcar", "AFTERBURN_"),
    };
    for unit in view.units.iter() {
        for command in &unit.commands {
            for word in &command.line.words {
                for variable in
                    word.variables().into_iter().filter(|variable| variable.name.starts_with(wrong))
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
            if option.value.text.trim_start_matches('-') == path {
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
