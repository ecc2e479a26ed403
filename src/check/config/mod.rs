//! Checks of what Ignition is handed: accounts, disks, arrays, file systems, and what is written where.
//!
//! They know no profile: user data that comes from elsewhere is judged by the same rules.

mod account_id_taken;
mod account_undefined;
mod filesystem_label_too_long;
mod hard_link_to_directory;
mod kernel_argument_conflict;
mod partition_clash;
mod partition_malformed;
mod path_below_file;
mod path_written_twice;
mod raid_spares_useless;
mod storage_device_twice;
mod view;
mod written;

use crate::diagnostic::Diagnostics;

use view::Check;

pub use view::{Config, Form, Owned};
pub use written::{Kind, Written};

/// Runs the checks on a config that no profile describes.
pub fn run_config(config: &Config<'_>, diags: &mut Diagnostics) {
    let mut found = Diagnostics::new();
    for check in CHECKS {
        (check.run)(config, &mut found);
    }
    for mut finding in found.into_findings() {
        // they are edits of profiles
        finding.edits.clear();
        diags.report(finding);
    }
}

/// The checks of this room, in the order of their names.
pub(super) const CHECKS: &[Check] = &[
    account_id_taken::CHECK,
    account_undefined::CHECK,
    filesystem_label_too_long::CHECK,
    hard_link_to_directory::CHECK,
    kernel_argument_conflict::CHECK,
    partition_clash::CHECK,
    partition_malformed::CHECK,
    path_below_file::CHECK,
    path_written_twice::CHECK,
    raid_spares_useless::CHECK,
    storage_device_twice::CHECK,
];
