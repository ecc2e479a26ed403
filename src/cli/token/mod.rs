//! `cfgbuild token`: the token by which the members of a new etcd cluster find each other.

mod new;
mod role;
mod status;
mod values_file;

use std::path::Path;
use std::process::ExitCode;

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

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    match &args.verb {
        Verb::New(args) => new::run(directory, args),
        Verb::Status(args) => status::run(directory, args),
    }
}
