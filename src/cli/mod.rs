//! The command line: arguments, dispatch, exit codes.
//!
//! Data on stdout, talk on stderr. 0: done; 1: the profiles are wrong, or the output is stale; 2: the command line or
//! the machine is wrong.

#[cfg(feature = "net")]
mod ami;
mod base;
mod check;
mod completions;
mod deployed;
mod described;
mod document;
mod excerpt;
mod explain;
mod fix;
mod goodbye;
mod init;
mod inspect;
mod list;
mod listeners;
mod manifest_shown;
#[cfg(feature = "net")]
mod network;
mod overview;
mod profile;
#[cfg(feature = "net")]
mod publish;
mod rebalance;
mod report;
mod schema;
mod show;
mod sizes;
mod style;
mod summary;
mod talk;
#[cfg(feature = "net")]
mod token;
#[cfg(not(feature = "net"))]
mod without_net;
mod workspace;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

/// Compile cluster role profiles into machines that boot right
///
/// A role is a folder `profiles/ROLE/` with a `profile.yaml`. `cfgbuild profile ROLE` compiles it into
/// `output/ROLE/`: Ignition, cloud-config and systemd units for every node of the cluster.
#[derive(Debug, Parser)]
#[command(version, about, long_about, max_term_width = 100, propagate_version = true)]
struct Args {
    /// Workspace to work in: the folder that holds `profiles/`; where left out, the nearest one upwards from here
    #[arg(short = 'C', long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    directory: Option<std::path::PathBuf>,
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Everywhere"
    )]
    color: Color,
    /// Say only what is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Everywhere")]
    quiet: bool,
    /// Say more: every node, sizes before compression, the files that were read
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Profile(profile::Args),
    Check(check::Args),
    Deployed(deployed::Args),
    Goodbye(goodbye::Args),
    Rebalance(rebalance::Args),
    List(list::Args),
    Show(show::Args),
    Explain(explain::Args),
    Inspect(inspect::Args),
    Schema(schema::Args),
    Completions(completions::Completions),
    Man(completions::Manual),
    #[cfg(feature = "net")]
    Token(token::Args),
    #[cfg(feature = "net")]
    Publish(publish::Args),
    #[cfg(feature = "net")]
    Ami(ami::Args),
    #[cfg(not(feature = "net"))]
    #[command(flatten)]
    WithoutNet(without_net::Command),
}

/// Runs the program on the arguments of the process.
pub fn main() -> ExitCode {
    talk::redact_panics();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // help and version are no errors; a closed pipe behind them is none either
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    match args.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    talk::set_loudness(args.quiet, args.verbose);
    let directory = &args.directory.clone().unwrap_or_else(workspace::Workspace::nearest);
    let result = match &args.command {
        Command::Init(args) => init::run(directory, args),
        Command::Profile(args) => profile::run(directory, args),
        Command::Check(args) => check::run(directory, args),
        Command::Deployed(args) => deployed::run(directory, args),
        Command::Goodbye(args) => goodbye::run(directory, args),
        Command::Rebalance(args) => rebalance::run(directory, args),
        Command::List(args) => list::run(directory, args),
        Command::Show(args) => show::run(directory, args),
        Command::Explain(args) => explain::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => completions::completions(args, Args::command()),
        Command::Man(args) => completions::manual(args, Args::command()),
        #[cfg(feature = "net")]
        Command::Ami(args) => ami::run(directory, args),
        #[cfg(feature = "net")]
        Command::Publish(args) => publish::run(directory, args),
        #[cfg(feature = "net")]
        Command::Token(args) => token::run(directory, args),
        #[cfg(not(feature = "net"))]
        Command::WithoutNet(command) => without_net::run(command),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            talk::failure(&error);
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        super::Args::command().debug_assert();
    }
}
