//! Users and groups: a profile's own.

use crate::model::{Group, User};
use crate::platform::Host;

/// Returns the users, `core` first, then by name.
pub(super) fn users(host: &Host<'_>) -> Vec<User> {
    let mut users = host.role.users.clone();
    users.sort_by(|a, b| {
        let key = |user: &User| (user.name.value != "core", user.name.value.clone());
        key(a).cmp(&key(b))
    });
    users
}

/// Returns the groups by name.
pub(super) fn groups(host: &Host<'_>) -> Vec<Group> {
    let mut groups = host.role.groups.clone();
    groups.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    groups
}
