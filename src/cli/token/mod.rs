//! `cfgbuild token`: the token by which the members of a new etcd cluster find each other.

mod new;
mod role;
mod status;
mod values_file;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::net::Http;

/// Make or look up the token by which the members of a new etcd cluster find each other
///
/// A token is for one cluster and one first boot: `new` asks for one of the right size, `status` shows whether it can
/// still be used. No build asks the network; these commands do.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    New(new::Args),
    Status(status::Args),
}

/// How the network is met.
#[derive(Debug, clap::Args)]
struct Network {
    /// Most seconds one request may take
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = clap::value_parser!(u64).range(1..=600), help_heading = "Network")]
    timeout: u64,
}

/// Most bytes of an answer: a registry of the largest cluster takes a few thousand.
const MAX_ANSWER: usize = 1 << 20;

impl Network {
    fn http(&self) -> anyhow::Result<Http> {
        Http::new(Duration::from_secs(self.timeout), MAX_ANSWER, false)
    }
}

/// Runs the command.
pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    match &args.verb {
        Verb::New(args) => new::run(directory, args),
        Verb::Status(args) => status::run(directory, args),
    }
}
