//! The commands that meet the network, in a program built without the feature `net`: each says so and ends.

use std::ffi::OsString;

use anyhow::bail;

/// The commands that are not in this build.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Not in this build: the token by which the members of a new etcd cluster find each other
    Token(Rest),
    /// Not in this build: upload what a role's user data points to
    Publish(Rest),
    /// Not in this build: put the newest AMIs of a role's operating system into its profile
    Ami(Rest),
}

/// What stands behind such a command, whatever it is.
#[derive(Debug, clap::Args)]
pub(super) struct Rest {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}

/// Explains why the command does nothing.
pub(super) fn run(command: &Command) -> anyhow::Result<std::process::ExitCode> {
    let (word, Rest { rest: _ }) = match command {
        Command::Token(rest) => ("token", rest),
        Command::Publish(rest) => ("publish", rest),
        Command::Ami(rest) => ("ami", rest),
    };
    bail!(
        "`cfgbuild {word}` needs the network, and this cfgbuild was built without its feature `net`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_says_why_it_does_nothing() {
        let rest = || Rest { rest: Vec::new() };
        for (command, word) in [
            (Command::Token(rest()), "token"),
            (Command::Publish(rest()), "publish"),
            (Command::Ami(rest()), "ami"),
        ] {
            let said = run(&command).expect_err("there is no network").to_string();
            let expected = format!(
                "`cfgbuild {word}` needs the network, and this cfgbuild was built without its feature `net`"
            );
            assert_eq!(said, expected);
        }
    }
}
