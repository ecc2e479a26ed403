//! Several brokers lean on a single ZooKeeper server or a single KRaft controller.
//!
//! # Why
//! The brokers survive the loss of one of them; what they keep their metadata in does not. Whenever that one machine
//! restarts, no partition gets a new leader and no topic can be made.
//!
//! # Fix
//! Have three: `cluster.nodes: 3` makes three controllers, three nodes in the role of the ensemble make three servers.

use super::super::broker::{Kafka, Mode, Part, controllers};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "quorum-single", source: include_str!("quorum_single.rs"), run };

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let brokers = seen.role.nodes.len();
    let Some(kafka) = Kafka::of(seen).filter(|_| brokers > 1) else { return };
    let place = seen.role.counted();
    let found = match &kafka.mode.value {
        Mode::Kraft { part: Part::Combined, .. } if controllers(brokers) == 1 => {
            let title = format!("{brokers} brokers lean on one KRaft controller");
            Diagnostic::warning(CHECK.code, place, title, "too few for three controllers")
                .related(kafka.mode.span, "the first node alone is the controller")
                .help("set `cluster.nodes` to 3")
                .edit(Edit::replace(place, brokers.to_string(), "3"))
        }
        Mode::Zookeeper { .. } if kafka.servers(seen.met).len() == 1 => {
            let title = format!("{brokers} brokers lean on one ZooKeeper server");
            Diagnostic::warning(CHECK.code, place, title, "lose their metadata with one machine")
                .related(kafka.mode.span, "one server is known here")
                .help(format!(
                    "give the ensemble three nodes, and name them all in `{}.zookeeper`",
                    kafka.path
                ))
        }
        Mode::Kraft { .. } | Mode::Zookeeper { .. } => return,
    };
    diags.report(found);
}
