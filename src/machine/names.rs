//! Names of units that are taken: by what is generated for the machine, or by what the system has and the machine uses.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::Unit;
use crate::platform::Host;

/// Refuses a container whose unit would take the place of another that the machine has, which `units` are all of.
pub(super) fn refuse_taken(host: &Host<'_>, units: &[Unit], diags: &mut Diagnostics) {
    for container in &host.cluster.containers {
        let name = &container.name;
        let unit = format!("{}.service", name.value);
        // one of them is its own
        if units.iter().filter(|one| one.name.value == unit).count() < 2 {
            continue;
        }
        let title =
            format!("container name `{}` belongs to a unit that the machine has", name.value);
        diags.report_once(
            Diagnostic::error("container-name-taken", name.span, title, "already taken")
                .help("rename the container, or change the unit of that name under `units`"),
        );
    }
}
