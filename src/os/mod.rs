//! What differs between operating systems: the one place that knows.
//!
//! A table per system, in a file of its own; nothing here decides what a machine gets. Nothing outside of this room may
//! match on a system: whoever needs to know something of it asks its [`table`].

mod accounts;
mod container_linux;
mod fedora_coreos;
mod flatcar;
mod system;
mod updates;

use crate::model::Os;

pub use accounts::brings_account;
pub use system::{
    ENGINES, EbsLinks, EngineDirectory, FactSource, FirstBoot, Images, Paths, RegistrySettings,
    ReleaseList, Runtime, System, UpdateAgent, Variables,
};
pub use updates::{LockFault, Slot, UpdateLanguage};

/// The system of a target that names none.
pub const DEFAULT: Os = Os::Flatcar;

/// Returns the table of an operating system.
pub fn table(os: Os) -> &'static System {
    match os {
        Os::Flatcar => &flatcar::SYSTEM,
        Os::FedoraCoreos => &fedora_coreos::SYSTEM,
        Os::ContainerLinux => &container_linux::SYSTEM,
    }
}

/// Returns the tables of all systems.
pub fn all() -> impl Iterator<Item = &'static System> {
    Os::ALL.iter().map(|(_, os)| table(*os))
}

/// Returns the system to be assumed of a machine whose containers a client runs, named as `podman`: the first whose own
/// runtime that is.
pub fn running_with(client: &str) -> Os {
    let mut systems = Os::ALL.iter().map(|(_, os)| *os);
    systems.find(|os| table(*os).runtime.name() == client).unwrap_or(DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::HostFact;

    #[test]
    fn where_each_system_can_be_written() {
        for (path, flatcar, fedora) in [
            ("/etc/a", true, true),
            ("/usr/lib/a", false, false),
            ("/usr/local/bin/a", false, true),
            ("/usrdata/a", true, false),
            ("/opt/bin/a", true, true),
            ("/data/a", true, false),
            ("/run/a", false, false),
            ("/tmp", false, false),
        ] {
            assert_eq!(table(Os::Flatcar).unwritable(path).is_none(), flatcar, "{path}");
            assert_eq!(table(Os::ContainerLinux).unwritable(path).is_none(), flatcar, "{path}");
            assert_eq!(table(Os::FedoraCoreos).unwritable(path).is_none(), fedora, "{path}");
        }
        let behind = table(Os::FedoraCoreos).behind_link("/mnt/data");
        assert_eq!(behind.as_deref(), Some("/var/mnt/data"));
        assert_eq!(table(Os::Flatcar).behind_link("/mnt/data"), None);
    }

    #[test]
    fn variables_begin_with_their_agents_prefix() {
        for system in all() {
            let FactSource { agent: _, file: _, links: _, prefix, variables: _ } = &system.metadata;
            for (_, fact) in HostFact::ALL {
                assert!(system.metadata.variable(fact).starts_with(prefix), "{prefix} {fact}");
            }
        }
        assert_eq!(running_with("podman"), Os::FedoraCoreos);
        assert_eq!(running_with("docker"), DEFAULT);
    }
}
