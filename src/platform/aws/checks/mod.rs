//! Checks of what only AWS has: launches, instance types, the settings of its disks.

mod aws_key_with_launch_configuration;
mod aws_launch_configuration;
mod aws_open_to_the_world;
mod aws_root_too_small;
mod aws_type_newer_than_launch;
mod aws_type_unknown;
mod ebs_setting_unsupported;
mod ebs_volumes_too_many;
mod instance_store_missing;

use crate::platform::table::Check;

/// All of them, in the order of their names.
pub(super) const CHECKS: &[Check] = &[
    aws_key_with_launch_configuration::CHECK,
    aws_launch_configuration::CHECK,
    aws_open_to_the_world::CHECK,
    aws_root_too_small::CHECK,
    aws_type_newer_than_launch::CHECK,
    aws_type_unknown::CHECK,
    ebs_setting_unsupported::CHECK,
    ebs_volumes_too_many::CHECK,
    instance_store_missing::CHECK,
];
