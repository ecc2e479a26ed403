//! The grammar of a profile: every section that cfgbuild knows, in the order in which they are listed.
//!
//! Says nothing about them: each section's keys and defaults stand beside the code that reads it.

use std::sync::LazyLock;

use crate::lower::keys;
use crate::platform;
use crate::profile::schema::{Core, Grammar};
use crate::service::KINDS;

/// What may stand in a profile.
pub static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| Grammar {
    kinds: KINDS.iter().map(|kind| kind.section).collect(),
    core: [
        Core::Section(&keys::REGISTRY),
        Core::Key(keys::VOLUMES),
        Core::Key(keys::CONTAINERS),
        Core::Key(keys::UNITS),
        Core::Key(keys::FILES),
        Core::Key(keys::DIRECTORIES),
        Core::Key(keys::LINKS),
        Core::Key(keys::USERS),
        Core::Key(keys::GROUPS),
        Core::Key(keys::SYSCTL),
        Core::Section(&keys::KERNEL_ARGUMENTS),
    ]
    .into_iter()
    .chain(platform::sections().map(Core::Section))
    .chain([
        Core::Section(&keys::UPDATES),
        Core::Key(keys::ALLOW),
        Core::Section(&keys::PACKER),
        Core::Section(&keys::STORAGE),
    ])
    .collect(),
});
