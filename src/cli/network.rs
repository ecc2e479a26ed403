//! The options by which commands meet the network, and what is shown while they wait for it.

use std::time::Duration;

use indicatif::ProgressBar;

use crate::net::Http;

/// Most bytes of a registry's answer: one of the largest cluster takes a few thousand.
pub(super) const MAX_ANSWER: usize = 1 << 20;

/// How often what is shown moves, so that a wait looks like one.
pub(super) const TICK: Duration = Duration::from_millis(120);

/// How the network is met.
#[derive(Debug, clap::Args)]
pub(super) struct Network {
    /// Most seconds one request may take
    #[arg(
        long, value_name = "SECONDS", default_value = "10",
        value_parser = clap::value_parser!(u64).range(1..=600),
        help_heading = "Network"
    )]
    timeout: u64,
}

impl Network {
    /// Returns what asks over HTTP, within these bounds and for at most so many bytes.
    pub(super) fn http(&self, max_answer: usize, redirects: bool) -> anyhow::Result<Http> {
        Http::new(Duration::from_secs(self.timeout), max_answer, redirects)
    }
}

/// Shows on a terminal what is waited for, until what is returned is dropped or finished.
pub(super) fn waiting(what: &str) -> ProgressBar {
    let shown = ProgressBar::new_spinner().with_message(what.to_owned());
    shown.enable_steady_tick(TICK);
    shown
}
