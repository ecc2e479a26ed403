//! Hostile input: no text with control characters comes in by any way, nothing outside the workspace is read while
//! links are moved, what cannot be read is never taken for empty, and no text changes the structure of what is written.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

mod door;
mod gate;
mod languages;
mod leaves;
mod places;
mod structure;
mod units;
