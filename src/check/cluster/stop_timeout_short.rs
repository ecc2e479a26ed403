//! A container with a Kafka broker is killed less than a minute after it is asked to stop.
//!
//! # Why
//! A broker that is asked to stop hands every partition it leads to another broker and writes its log out. Killed in
//! the middle, it leaves partitions without a leader, and reads all of its log at the next start, which may take hours.
//!
//! # Fix
//! Set `stop_timeout: 170s`. cfgbuild's own `kafka` section does so by itself.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::catalogue::contracts;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "stop-timeout-short", source: include_str!("stop_timeout_short.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for container in &facts.role.containers {
        let image = container.image.value.repository.rsplit('/').next().unwrap_or_default();
        let contract = contracts().find(|contract| contract.names.contains(&image));
        let Some(stop) = contract.and_then(|contract| contract.stop) else { continue };
        if container.stop_timeout >= stop.least {
            continue;
        }
        let (name, seconds, server) = (&container.name.value, container.stop_timeout, stop.server);
        let title =
            format!("{server} `{name}` is killed {seconds} seconds after it is asked to stop");
        let label = format!("needs {} or more", stop.least_in_words);
        let enough = format!("{}s", stop.enough);
        diags.report(
            Diagnostic::warning(CHECK.code, container.image.span, title, label)
                .help(format!("set `containers.{name}.stop_timeout` to {enough}"))
                .edit(Edit::set_beside(container.image.span, "stop_timeout", enough)),
        );
    }
}
