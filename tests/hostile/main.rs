//! Hostile input: no text with control characters comes in by any way, nothing outside the workspace is read while
//! links are moved, and what cannot be read is never taken for empty.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

mod door;
mod gate;
