//! A volume is mounted inside of the directory that a service keeps its data in.
//!
//! # Why
//! The service takes everything it finds in its directory for its own: Kafka ends at a folder in its log directory
//! that is no partition, and a file system brings `lost+found` and another service's files with it. Where the volume
//! comes late, the service writes to the disk below it, and what it wrote is hidden from then on.
//!
//! # Fix
//! Mount it beside the data, as `/var/lib/NAME`.

use super::paths::is_below;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "volume-inside-data", source: include_str!("volume_inside_data.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for volume in &facts.role.volumes {
        let (name, mount) = (&volume.name.value, &volume.mount);
        let inside = facts.services.volumes().find(|(_, kept)| {
            let own = kept.volume.as_ref().is_some_and(|it| it.value == *name);
            !own && is_below(&mount.value, &kept.path)
        });
        let Some((service, kept)) = inside else { continue };
        let title = format!(
            "volume `{name}` is mounted inside of {}, where `{}` keeps {}",
            kept.path, service.name.value, kept.what
        );
        let mut found =
            Diagnostic::error(CHECK.code, mount.span, title, "taken for the service's own");
        if let Some(volume) = &kept.volume {
            found = found.related(volume.span, "the volume of the data");
        }
        diags.report(found.help(format!("mount it beside that, as at `/var/lib/{name}`")));
    }
}
