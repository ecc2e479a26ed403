//! Names that are taken: by what is generated for the machine, or by what the system has and the machine uses.

use std::collections::BTreeSet;

use super::environment;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::{File, Machine, Unit};
use crate::platform::Host;

/// Refuses a container, one that a service makes too, that would take the place of something else: of a unit among
/// `units`, which are all that is generated; of a unit of the system; or, where `files` hold its own variables, of the
/// file that others are written to.
pub(super) fn refuse_taken(
    host: &Host<'_>,
    units: &[Unit],
    files: &[File],
    diags: &mut Diagnostics,
) {
    let is_variables = |path: &str| {
        path == Machine::STACK_FILE || host.facts.is_some_and(|facts| facts.file == path)
    };
    let mut refused = BTreeSet::new();
    // where two of the profile meet, the container is the one to rename
    for container in host.role.containers.iter().chain(&host.parts.containers) {
        let name = &container.name;
        let unit = format!("{}.service", name.value);
        let file = environment::path(container);
        // one of them is its own
        let is_made_twice = units.iter().filter(|one| one.name.value == unit).count() > 1;
        let (title, help) = if is_made_twice {
            (
                format!("container name `{}` belongs to a unit that the machine has", name.value),
                "rename the container, or change the unit of that name under `units`",
            )
        } else if host.system.has_unit(&unit) {
            (
                format!(
                    "`{}` is a name that the system uses: `{unit}` would replace its unit",
                    name.value
                ),
                "rename it; what the system has is changed under `units`",
            )
        } else if is_variables(&file) && files.iter().any(|one| one.path.value == file) {
            (
                format!(
                    "`{}` is the name of a file that holds other variables, {file}",
                    name.value
                ),
                "rename it",
            )
        } else {
            continue;
        };
        if refused.insert(&name.value) {
            diags.report_once(
                Diagnostic::error("container-name-taken", name.span, title, "already taken")
                    .help(help),
            );
        }
    }
}
