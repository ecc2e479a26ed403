//! The commands that meet the network, against servers that behave, misbehave, or are not there.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly and must write"
)]

mod ami;
mod publish;
mod server;
mod token;
