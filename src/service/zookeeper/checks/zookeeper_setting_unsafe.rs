//! A setting of ZooKeeper is known, and opens to everybody what is somebody's.
//!
//! # Why
//! `skipACL` leaves every list of rights unread, those of Kafka's own secrets too. `4lw.commands.whitelist: *` answers
//! anybody who reaches the port with the server's environment, its clients and their sessions.
//! `snapshot.trust.empty` takes a database without a snapshot for a whole one: after an upgrade it is for one start.
//!
//! # Fix
//! Remove it, or allow it with the reason that holds for this cluster.

use super::super::section::Zookeeper;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::service::unsafe_settings::{LABEL, Unsafe, report};

pub(super) const CHECK: Check = Check {
    code: "zookeeper-setting-unsafe",
    source: include_str!("zookeeper_setting_unsafe.rs"),
    run,
};

const UNSAFE: [Unsafe; 3] = [
    (
        "4lw.commands.whitelist",
        |value| value.split(',').any(|word| word.trim() == "*"),
        "whoever reaches the port reads the server's environment and its clients",
    ),
    (
        "skipACL",
        |value| value.eq_ignore_ascii_case("yes"),
        "everybody may read and change everything, whatever rights it has",
    ),
    (
        "snapshot.trust.empty",
        |value| value.eq_ignore_ascii_case("true"),
        "a server that lost its snapshots takes what is left for all there was",
    ),
];

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(zookeeper) = Zookeeper::of(seen) else { return };
    let warning = |span, title| Diagnostic::warning(CHECK.code, span, title, LABEL);
    report(&UNSAFE, &zookeeper.config, warning, diags);
}
