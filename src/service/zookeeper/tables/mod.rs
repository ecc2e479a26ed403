//! The names of `zoo.cfg`, as ZooKeeper's own jars read them.
//!
//! `tests/reference/settings` asks them, writes the tables, and holds both to each other.

use crate::settings::Table;

/// What `zoo.cfg` holds.
pub(super) static SETTINGS: Table =
    Table::new("zookeeper-settings", (3, 6), (3, 9), include_str!("settings.tsv"));

/// Beginnings of names that a class puts together, or that a plug-in reads.
pub(super) const FAMILIES: &[&str] =
    &["authProvider.", "group.", "metricsProvider.", "sasl.", "ssl.", "weight."];
