//! Checks that only a ZooKeeper needs.

mod zookeeper_setting_unsafe;

use super::super::kind::Check;

/// All of them, in the order of their names.
pub(super) const CHECKS: &[Check] = &[zookeeper_setting_unsafe::CHECK];
