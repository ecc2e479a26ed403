//! The options by which the commands about tokens meet the network.

use std::time::Duration;

use crate::net::Http;

/// How the network is met.
#[derive(Debug, clap::Args)]
pub(super) struct Network {
    /// Most seconds one request may take
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "10",
        value_parser = clap::value_parser!(u64).range(1..=600),
        help_heading = "Network"
    )]
    timeout: u64,
}

/// Most bytes of an answer: a registry of the largest cluster takes a few thousand.
const MAX_ANSWER: usize = 1 << 20;

impl Network {
    /// Returns what asks over HTTP, within these bounds.
    pub(super) fn http(&self) -> anyhow::Result<Http> {
        Http::new(Duration::from_secs(self.timeout), MAX_ANSWER, false)
    }
}
