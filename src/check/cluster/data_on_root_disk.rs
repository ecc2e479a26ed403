//! etcd, ZooKeeper or Kafka keeps its data on the root disk.
//!
//! # Why
//! The root disk goes when the machine is replaced, and a member that comes back empty under its old name is worse than
//! one that stays away: it votes, and has forgotten what it promised. It also shares the disk with images, logs and
//! updates, and stops the machine when it is full.
//!
//! # Fix
//! Declare a volume and name it in the service:
//! `volumes: { kafka: { mount: /var/lib/kafka, ebs: { size: 500GiB, keep: true } } }` and `kafka: { volume: kafka }`.
//! On `qemu` and `custom`, where nothing makes an `ebs`, name the disk that you attach instead, by its link:
//! `device: /dev/disk/by-id/…`. For a cluster that may be thrown away, allow the finding and say so.

use super::paths::on_disk_of_its_own;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::platform::{self, LastingDisk};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "data-on-root-disk", source: include_str!("data_on_root_disk.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let disk = platform::of(facts.cluster.target.platform.value).lasting_disk;
    let Some(parts) = facts.parts.first() else { return };
    for container in parts.containers.iter().filter(|one| one.ready_port.is_some()) {
        let mut made = container.binds.iter().filter(|bind| bind.create.is_some());
        let on_root = made.find(|bind| !on_disk_of_its_own(facts.cluster, &bind.from.value));
        let Some(bind) = on_root else { continue };
        let service = &container.name.value;
        let own = facts.services.all.iter().find(|one| one.name.value == *service);
        let path = own.map_or(service.as_str(), |one| one.path.as_str());
        let title = format!("{service} keeps its data on the root disk, in {}", bind.from.value);
        let label = "names no `volume`: the data goes when the machine is replaced";
        let volume = |disk: &str| format!("{{ mount: /var/lib/{service}, {disk} }}");
        let help = |volume: &str| {
            format!(
                "set `{path}.volume: {service}`, and declare `volumes: {{ {service}: {volume} }}`"
            )
        };
        let found = Diagnostic::warning(CHECK.code, bind.from.span, title, label);
        diags.report(match disk {
            LastingDisk::Whole(disk) => found
                .help(help(&volume(disk)))
                .edit(Edit::set(path.split('.').chain(["volume"]), service))
                .edit(Edit::set(["volumes", service], volume(disk))),
            LastingDisk::Open(disk) => found.help(format!(
                "{}, where `…` is the disk that stays when the machine is replaced",
                help(&volume(disk))
            )),
        });
    }
}
