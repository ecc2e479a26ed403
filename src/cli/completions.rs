//! `cfgbuild completions` and `cfgbuild man`: what a shell completes and what `man` shows, of this very command line.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap_complete::Shell;

use super::talk;

/// Print what a shell needs to complete `cfgbuild`
///
/// Where it belongs: bash, `~/.local/share/bash-completion/completions/cfgbuild`; zsh, a file `_cfgbuild` in a folder
/// of `fpath`; fish, `~/.config/fish/completions/cfgbuild.fish`.
#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Print the manual page, or that of one command
///
/// `cfgbuild man | man -l -` shows it.
#[derive(Debug, clap::Args)]
pub(super) struct Manual {
    /// The command; the whole program where left out
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

/// Prints completions of a command line.
pub(super) fn completions(args: &Completions, mut program: clap::Command) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "cfgbuild", &mut script);
    talk::data(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a manual page of a command line.
pub(super) fn manual(args: &Manual, mut program: clap::Command) -> Result<ExitCode> {
    // options that every command takes are told of each
    program.build();
    let (program, title) = match &args.command {
        None => (program, "cfgbuild".to_owned()),
        Some(name) => {
            let known = program.get_subcommands().map(|one| one.get_name().to_owned());
            let known = known.collect::<Vec<_>>().join(", ");
            let found = program.find_subcommand(name).cloned();
            let found = found
                .with_context(|| format!("there is no command `{name}`: there are {known}"))?;
            (found, format!("cfgbuild-{name}"))
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(program).title(title).render(&mut page)?;
    talk::data(&page)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, ValueEnum as _};
    use clap_complete::Shell;

    use super::super::Args;

    #[test]
    fn every_command_is_completed_and_has_a_page() {
        let mut program = Args::command();
        program.build();
        let names: Vec<String> =
            program.get_subcommands().map(|one| one.get_name().to_owned()).collect();
        assert!(names.len() > 8, "{names:?}");
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "cfgbuild", &mut script);
            let script = String::from_utf8(script).expect("is text");
            assert!(names.iter().all(|name| script.contains(name.as_str())), "{shell}");
        }
        for one in program.get_subcommands() {
            let mut page = Vec::new();
            clap_mangen::Man::new(one.clone()).render(&mut page).expect("is rendered");
            let page = String::from_utf8(page).expect("is text");
            assert!(page.contains(".SH DESCRIPTION"), "{}", one.get_name());
        }
    }
}
