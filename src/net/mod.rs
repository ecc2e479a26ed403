//! The one room that meets the network: HTTP with bounds, etcd's discovery registries, object stores, release lists.
//!
//! Knows neither profiles nor clusters, and no build comes here: only the commands that say so in their name do.

mod credentials;
mod http;
mod random;
mod redact;
pub mod registry;
pub mod releases;
mod store;

use std::time::Duration;

use anyhow::Context as _;

pub use http::{Answer, Body, Http};
pub use random::token;
pub use store::{Store, There};

/// Returns the event loop all of a command's connections share: one thread, which only runs while it is waited for.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    // fails only where another is installed already, which is as good
    drop(rustls::crypto::ring::default_provider().install_default());
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the event loop")
}

/// How often a request is tried, and how long the first wait between two tries is; each further one is twice as long.
const TRIES: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Returns the present, in UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the age of a token or an image is said, never built"
)]
pub fn now() -> chrono::DateTime<chrono::Utc> {
    std::time::SystemTime::now().into()
}
