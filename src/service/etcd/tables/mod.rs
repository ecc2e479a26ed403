//! The flags of etcd, as etcd itself defines them.
//!
//! `tests/reference/settings` asks them, writes the tables, and holds both to each other.

use crate::settings::Table;

/// What a command line holds.
pub(super) static FLAGS: Table =
    Table::new("etcd-flags", (3, 4), (3, 7), include_str!("flags.tsv"));
