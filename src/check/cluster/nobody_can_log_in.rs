//! Nobody can log in to the machines: no user has an SSH key or a password, and the platform brings none.
//!
//! # Why
//! These systems have no password of their own. What goes wrong in the first boot is seen on a console that asks for a
//! name and takes none, and a machine that runs can only be replaced.
//!
//! On EC2 a machine takes the key pair that it is launched with, and other clouds hand over keys in a like way:
//! of those nothing is reported.
//!
//! # Fix
//! `users: { core: { ssh_authorized_keys: ["ssh-ed25519 …"] } }`, or a value for the variable that a key comes
//! from. For the console of a machine under QEMU the kernel argument `flatcar.autologin` does on Flatcar. Where
//! nobody is to log in, allow the finding and say so.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::User;
use crate::model::machine::Machine;
use crate::platform;

pub(super) const CHECK: Check =
    Check { code: "nobody-can-log-in", source: include_str!("nobody_can_log_in.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let platform = &facts.role.target.platform;
    if platform::of(platform.value).may_bring_keys || facts.machines.iter().any(lets_in) {
        return;
    }
    let title = format!("nobody can log in to the machines of `{}`", facts.role.name);
    let mut found =
        Diagnostic::warning(CHECK.code, platform.span, title, "brings no key of its own")
            .help("add `users: { core: { ssh_authorized_keys: [\"ssh-ed25519 …\"] } }`");
    for user in &facts.role.users {
        found = found.related(user.name.span, "has no key and no password");
    }
    diags.report(found);
}

/// Returns whether somebody can log in to a machine, as far as can be seen: what has to do with SSH or with
/// consoles in a file or unit that somebody wrote may do so, too.
fn lets_in(machine: &Machine) -> bool {
    let is_there = |user: &&User| user.should_exist.as_ref().is_none_or(|said| said.value);
    // what begins with one of these is the hash of no password
    let is_hash = |hash: &str| !hash.is_empty() && !hash.starts_with(['*', '!']);
    let has_way = |user: &User| {
        let hash = user.password_hash.as_ref();
        !user.ssh_authorized_keys.is_empty() || hash.is_some_and(|hash| is_hash(&hash.value))
    };
    let mut names = machine.files.iter().map(|file| file.path.value.as_str());
    let units = machine.units.iter().map(|unit| unit.name.value.as_str());
    let arguments = machine.kernel_arguments.should_exist.iter();
    let is_way = |name: &str| {
        ["ssh", "getty", "authorized_keys", "/etc/shadow", "/etc/passwd"]
            .iter()
            .any(|way| name.contains(way))
    };
    machine.users.iter().filter(is_there).any(has_way)
        || names.by_ref().chain(units).any(is_way)
        || arguments.into_iter().any(|argument| argument.value.contains("autologin"))
}
