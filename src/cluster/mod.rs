//! The cluster: typed, valid, free of formats.

mod target;

pub use target::{Format, IgnitionVersion, Os, Platform, Target};
