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
use crate::model::FilesystemType;
use crate::platform::{self, LastingDisk};
use crate::service::Instance;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "data-on-root-disk", source: include_str!("data_on_root_disk.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let disk = platform::of(facts.role.target.platform.value).lasting_disk;
    let Some(parts) = facts.parts.first() else { return };
    for container in parts.containers.iter().filter(|one| one.ready_port.is_some()) {
        let mut made = container.binds.iter().filter(|bind| bind.create.is_some());
        let on_root = made.find(|bind| !on_disk_of_its_own(facts.role, &bind.from.value));
        let Some(bind) = on_root else { continue };
        let service = &container.name.value;
        let own = facts.services.all.iter().find(|one| one.name.value == *service);
        let path = own.map_or(service.as_str(), |one| one.path.as_str());
        let keys = own.map_or_else(|| vec![service.as_str()], Instance::keys);
        // a file system's label is the volume's name unless it is said
        let short = service.len() <= FilesystemType::Xfs.label_limit();
        let volume_name = if short { service.as_str() } else { "data" };
        let title = format!("{service} keeps its data on the root disk, in {}", bind.from.value);
        let label = "names no `volume`: the data goes when the machine is replaced";
        let volume = |disk: &str| format!("{{ mount: /var/lib/{service}, {disk} }}");
        let help = |volume: &str| {
            format!(
                "set `{path}.volume: {volume_name}`, and declare `volumes: {{ {volume_name}: {volume} }}`"
            )
        };
        let found = Diagnostic::warning(CHECK.code, bind.from.span, title, label);
        diags.report(match disk {
            LastingDisk::Whole(disk) => found
                .help(help(&volume(disk)))
                .edit(Edit::set(keys.iter().copied().chain(["volume"]), volume_name))
                .edit(Edit::set(["volumes", volume_name], volume(disk))),
            LastingDisk::Open(disk) => found.help(format!(
                "{}, where `…` is the disk that stays when the machine is replaced",
                help(&volume(disk))
            )),
        });
    }
}
