//! What a running system has read before a cloud-config writes it: whoever read it is told.

use crate::model::machine::{Command, Unit};
use crate::platform::{Draft, Host, bare_unit};
use crate::source::{Sources, Spanned};

/// What files begin with that a unit reads when it starts, the unit, and how it is told.
///
/// `Command::Reload` does nothing where the unit does not run; units that run to their end are run again. A
/// cloud-config is applied at every boot: docker is never restarted for it, which would end containers that run.
const READERS: [(&str, &str, Command); 9] = [
    ("/etc/docker/daemon.json", "docker.service", Command::Reload),
    ("/etc/modules-load.d/", "systemd-modules-load.service", Command::Restart),
    ("/etc/sysctl.d/", "systemd-sysctl.service", Command::Restart),
    ("/etc/systemd/journald.conf", "systemd-journald.service", Command::Reload),
    ("/etc/systemd/logind.conf", "systemd-logind.service", Command::Reload),
    ("/etc/systemd/network/", "systemd-networkd.service", Command::Reload),
    ("/etc/systemd/networkd.conf", "systemd-networkd.service", Command::Reload),
    ("/etc/systemd/resolved.conf", "systemd-resolved.service", Command::Reload),
    ("/etc/systemd/timesyncd.conf", "systemd-timesyncd.service", Command::Reload),
];

/// Has every unit of the system that read a file too early read it again, before any other unit is started.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft) {
    if !host.system.configured_running {
        return;
    }
    let specs = host.parts.files.iter().chain(&host.role.files).filter(|file| !file.remove);
    let paths: Vec<&str> = specs
        .map(|file| file.path.value.as_str())
        .chain(draft.files.iter().map(|file| file.path.value.as_str()))
        .collect();
    let mut told: Vec<Unit> = Vec::new();
    for (start, name, command) in READERS {
        let is_named = |unit: &Unit| unit.name.value == name;
        let known = draft.units.iter().chain(&told).any(is_named);
        if !known && paths.iter().any(|path| path.starts_with(start)) {
            let name = Spanned::new(name.to_owned(), Sources::NOWHERE);
            told.push(Unit { command: Some(command), ..bare_unit(name) });
        }
    }
    draft.units.splice(0..0, told);
}
