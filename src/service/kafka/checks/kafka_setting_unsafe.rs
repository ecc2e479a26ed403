//! A setting of brokers is known, and gives away what a cluster is run for.
//!
//! # Why
//! Each of these is made for a test or for a moment: partitions that have no leader while a broker restarts, access for
//! everybody to what nobody thought of, certificates of which nobody asks whose they are.
//!
//! # Fix
//! Remove it, or allow it with the reason that holds for this cluster.

use super::super::broker::Kafka;
use super::written::{is_true, settings};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::service::unsafe_settings::{LABEL, Unsafe, report};

pub(super) const CHECK: Check =
    Check { code: "kafka-setting-unsafe", source: include_str!("kafka_setting_unsafe.rs"), run };

const UNSAFE: [Unsafe; 3] = [
    (
        "allow.everyone.if.no.acl.found",
        is_true,
        "everybody may do everything with what no rule names",
    ),
    (
        "controlled.shutdown.enable",
        |value| value.trim().eq_ignore_ascii_case("false"),
        "a broker that stops hands nothing over: what it leads has no leader until it is missed",
    ),
    (
        "ssl.endpoint.identification.algorithm",
        |value| value.trim().is_empty(),
        "a certificate counts for any host, not only for its own",
    ),
];

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(kafka) = Kafka::of(seen) else { return };
    let warning = |span, title| Diagnostic::warning(CHECK.code, span, title, LABEL);
    report(&UNSAFE, &kafka.config, warning, diags);
    let has = |name| settings(kafka, name).into_iter().next();
    if let (Some(users), None) = (has("super.users"), has("authorizer.class.name")) {
        diags.report(
            Diagnostic::warning(
                CHECK.code,
                users.span,
                "`super.users` means nothing: without an authorizer everybody may do everything",
                "nobody reads it",
            )
            .help("set `authorizer.class.name`, or remove `super.users`"),
        );
    }
}
