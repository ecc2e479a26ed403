//! What is done with a running container as a oneshot service that repeats each step until it succeeds.

use crate::model::UnitText;
use crate::model::{Reboots, Task, When};
use crate::platform::{Draft, Host, bash, generated_unit, until_done};
use crate::unitfile::whole_line;

/// Adds the service of a task; one that holds up updates only where somebody gives up a slot.
pub(super) fn add(host: &Host<'_>, task: &Task, draft: &mut Draft) {
    let Task { name, description, container, steps, when, place } = task;
    let container_unit = format!("{container}.service");
    let agent = host.system.updates.unit;
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(description));
    // Each step waits for the container by itself. Required, a first start that fails would end the task; of those that
    // hold up updates that would let the machine reboot.
    for directive in ["Wants", "After", "PartOf"] {
        text.push("Unit", directive, container_unit.as_str());
    }
    let wanted_by = match when {
        When::AfterStart => container_unit.as_str(),
        When::BeforeUpdates => {
            let strategy = host.role.updates.as_ref().map(|updates| &updates.strategy.value);
            match strategy {
                Some(Reboots::Windows(_) | Reboots::Lock { .. }) => {}
                Some(Reboots::Off) | None => return,
            }
            // Both agents give up their slot as soon as they start.
            text.push("Unit", "Before", agent);
            agent
        }
    };
    text.push("Service", "Type", "oneshot");
    text.push("Service", "RemainAfterExit", "yes");
    text.push("Service", "TimeoutStartSec", "infinity");
    text.push("Service", "SyslogIdentifier", whole_line(name));
    for step in steps {
        text.push("Service", "ExecStart", bash(&until_done(host, container, step)));
    }
    text.push("Install", "WantedBy", wanted_by);
    let unit_name = place.clone().map(|()| format!("{name}.service"));
    draft.units.push(generated_unit(unit_name, &text));
}
