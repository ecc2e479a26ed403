//! A container with a Kafka broker is killed less than a minute after it is asked to stop.
//!
//! # Why
//! A broker that is asked to stop hands every partition it leads to another broker and writes its log out. Killed in the
//! middle, it leaves partitions without a leader, and reads all of its log at the next start, which may take hours.
//!
//! # Fix
//! Set `stop_timeout: 170s`. cfgbuild's own `kafka` section does so by itself.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

/// Least seconds.
const LEAST: u32 = 60;

/// Last words of the names of images that hold a broker.
const BROKERS: [&str; 4] = ["kafka", "kafka-native", "cp-kafka", "cp-server"];

pub(super) const CHECK: Check =
    Check { code: "stop-timeout-short", source: include_str!("stop_timeout_short.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for container in &facts.cluster.containers {
        let image = container.image.value.repository.rsplit('/').next().unwrap_or_default();
        if !BROKERS.contains(&image) || container.stop_timeout >= LEAST {
            continue;
        }
        let (name, seconds) = (&container.name.value, container.stop_timeout);
        let title =
            format!("broker `{name}` is killed {seconds} seconds after it is asked to stop");
        diags.report(
            Diagnostic::warning(CHECK.code, container.image.span, title, "needs a minute or more")
                .help(format!("set `containers.{name}.stop_timeout` to 170s"))
                .edit(Edit::set_beside(container.image.span, "stop_timeout", "170s")),
        );
    }
}
