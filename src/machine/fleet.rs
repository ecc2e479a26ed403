//! fleet's `[X-Fleet]` section, as read by fleetd 0.11 and later.

use crate::model::{Placement, UnitText};
use crate::platform::Host;

/// Returns where fleet may put a unit, if the system has fleet and the profile says so.
pub(super) fn section(host: &Host<'_>, placement: &Placement) -> Option<UnitText> {
    let Placement { conflicts, machine_of, global, metadata } = placement;
    if !host.system.has_fleet || *placement == Placement::default() {
        return None;
    }
    let mut text = UnitText::new();
    if *global {
        text.push("X-Fleet", "Global", "true");
    }
    if let Some(unit) = machine_of {
        text.push("X-Fleet", "MachineOf", unit);
    }
    for unit in conflicts {
        text.push("X-Fleet", "Conflicts", unit);
    }
    for (key, value) in metadata {
        text.push("X-Fleet", "MachineMetadata", format!("\"{key}={value}\""));
    }
    Some(text)
}
