//! Checks that only an etcd needs.

mod etcd_discovery_public;
mod etcd_setting_unsafe;
mod etcd_token_shared;

use super::super::kind::Check;

/// All of them, in the order of their names.
pub(super) const CHECKS: &[Check] =
    &[etcd_discovery_public::CHECK, etcd_setting_unsafe::CHECK, etcd_token_shared::CHECK];
