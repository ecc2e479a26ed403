//! A volume is declared, and nothing of the profile keeps anything on it.
//!
//! # Why
//! It is formatted, mounted and paid for, while the data it was meant for is somewhere else: on the root disk, as a
//! rule, because a name or a path is mistyped.
//!
//! # Fix
//! Name it in the service (`kafka.volume`), bind a directory of it into a container, or remove it.

use super::paths::{is_below, is_mentioned};
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Container, Volume};

/// What the system itself writes to.
const SYSTEMS_OWN: [&str; 7] =
    ["/home", "/opt", "/var", "/var/lib", "/var/lib/containers", "/var/lib/docker", "/var/log"];

pub(super) const CHECK: Check =
    Check { code: "volume-unused", source: include_str!("volume_unused.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for volume in &facts.role.volumes {
        if is_used(facts, volume) {
            continue;
        }
        let (name, mount) = (&volume.name.value, &volume.mount.value);
        let title = format!("nothing keeps anything on volume `{name}`");
        diags.report(
            Diagnostic::warning(
                CHECK.code,
                volume.name.span,
                title,
                "formatted and mounted for nothing",
            )
            .related(volume.mount.span, "no service and no `binds` lead here")
            .help(format!(
                "name it in a service's `volume`, bind a directory below {mount}, or remove it"
            )),
        );
    }
}

fn is_used(facts: &Facts<'_>, volume: &Volume) -> bool {
    let mount = volume.mount.value.as_str();
    let parts = facts.parts.iter().take(1).flat_map(|parts| &parts.containers);
    let binds = |container: &Container| {
        container
            .binds
            .iter()
            .any(|bind| bind.from.value != "/" && is_below(&bind.from.value, mount))
    };
    let mut named = facts.services.volumes().filter_map(|(_, kept)| kept.volume.as_ref());
    named.any(|name| name.value == volume.name.value)
        || SYSTEMS_OWN.contains(&mount)
        || parts.chain(&facts.role.containers).any(binds)
        || is_mentioned(facts, mount)
}
