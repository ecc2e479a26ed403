//! Users and groups: a profile's own, in the machine's words.

use super::host::Host;
use super::model::{Group, User};
use crate::cluster::{GroupSpec, UserSpec};

/// Returns the users, `core` first, then by name.
pub(super) fn users(host: &Host<'_>) -> Vec<User> {
    let mut users: Vec<User> = host.cluster.users.iter().cloned().map(user).collect();
    users.sort_by(|a, b| {
        let key = |user: &User| (user.name.value != "core", user.name.value.clone());
        key(a).cmp(&key(b))
    });
    users
}

/// Returns the groups by name.
pub(super) fn groups(host: &Host<'_>) -> Vec<Group> {
    let group = |GroupSpec { name, gid, system }| Group { name, gid, system };
    let mut groups: Vec<Group> = host.cluster.groups.iter().cloned().map(group).collect();
    groups.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    groups
}

/// Returns a user in the machine's words, which are the same.
fn user(spec: UserSpec) -> User {
    let UserSpec {
        name,
        ssh_authorized_keys,
        password_hash,
        uid,
        primary_group,
        groups,
        home_dir,
        shell,
        system,
        should_exist,
    } = spec;
    User {
        name,
        ssh_authorized_keys,
        password_hash,
        uid,
        primary_group,
        groups,
        home_dir,
        shell,
        system,
        should_exist,
    }
}
