//! The way out: one tree of artefacts in memory, its manifest, and the one door that writes it to disk.
//!
//! Knows nothing of what the bytes mean.

mod check;
pub mod described;
mod disk;
mod file;
mod fresh;
mod known;
mod lock;
mod manifest;
mod tree;
mod write;

pub use check::{Change, Difference, built, compare};
pub use file::{create, replace, replace_all};
pub use fresh::fresh;
pub use known::Known;
pub use lock::{Deployed, Lock};
pub use manifest::{Entry, Input, Manifest, hex};
pub use tree::{Artefact, Tree};
pub use write::{Outcome, Roles, Written, write};
