//! `cfgbuild completions` and `cfgbuild man`: what a shell completes and what `man` shows, of this very command line.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;

use super::explain::manuals;
use super::talk;
use crate::profile::shipped_roles;

/// Print what a shell needs to complete `cfgbuild`
///
/// Commands and options are completed in every shell, names of roles and codes of findings in bash, zsh and fish.
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
pub(super) fn completions(args: &Completions, program: clap::Command) -> Result<ExitCode> {
    talk::data(script(args.shell, program)?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Stands for the names of roles while a script is made: only the shell that runs it knows them.
const ROLES: &str = "__cfgbuild_roles__";

/// Returns what a shell needs to complete a command line: its words, the codes of findings, the names of roles.
///
/// clap's own completion of values that only a run knows is not stable. So a script is made with a word in the place of
/// the roles, and that word becomes a call of `cfgbuild list --names`.
fn script(shell: Shell, mut program: clap::Command) -> Result<String> {
    // scripts of other shells are not made of words alone
    let open = match shell {
        Shell::Bash | Shell::Zsh => Some("$("),
        Shell::Fish => Some("("),
        Shell::Elvish | Shell::PowerShell | _ => None,
    };
    program.build();
    let mut program = with_values(program, open.is_some());
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program, "cfgbuild", &mut script);
    let mut script = String::from_utf8(script)?;
    if let Some(open) = open {
        let roles =
            format!("{} {open}cfgbuild list --names 2>/dev/null)", shipped_roles().join(" "));
        if shell == Shell::Fish {
            // its generator knows no values of arguments
            for command in commands_of(&program, "ROLE") {
                script.push_str(&fish(&command, &roles));
            }
            script.push_str(&fish("explain", &codes().join(" ")));
        }
        script = script.replace(ROLES, &roles);
    }
    Ok(script)
}

/// Returns a line that has fish complete an argument of a command with words.
fn fish(command: &str, words: &str) -> String {
    format!("complete -c cfgbuild -n \"__fish_seen_subcommand_from {command}\" -f -a \"{words}\"\n")
}

fn codes() -> Vec<&'static str> {
    manuals().into_keys().collect()
}

/// Returns a command line whose arguments say which values they take.
fn with_values(program: clap::Command, with_roles: bool) -> clap::Command {
    let of = |arg: clap::Arg| match arg.get_value_names() {
        Some([name]) if name == "CODE" => arg.value_parser(PossibleValuesParser::new(codes())),
        Some([name]) if name == "ROLE" && with_roles => {
            arg.value_parser(PossibleValuesParser::new([ROLES]))
        }
        _ => arg,
    };
    program.mut_args(of).mut_subcommands(|command| with_values(command, with_roles))
}

/// Returns the names of the commands that have an argument of this name, those below others by their own name.
fn commands_of(program: &clap::Command, name: &str) -> Vec<String> {
    let has = |command: &clap::Command| {
        let mut names = command.get_positionals().filter_map(clap::Arg::get_value_names);
        names.any(|names| names.iter().any(|one| one == name))
    };
    let inner = |command: &clap::Command| {
        let own = has(command).then(|| command.get_name().to_owned());
        own.into_iter().chain(commands_of(command, name)).collect::<Vec<_>>()
    };
    program.get_subcommands().flat_map(inner).collect()
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
            let script = super::script(*shell, Args::command()).expect("is text");
            assert!(names.iter().all(|name| script.contains(name.as_str())), "{shell}");
            assert!(!script.contains(super::ROLES), "{shell}");
            let is_asked = script.contains("cfgbuild list --names 2>/dev/null)");
            let is_posix_like = matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish);
            assert_eq!(is_asked, is_posix_like, "{shell}");
            let has_codes = script.contains("unknown-key") && script.contains("yaml-syntax");
            assert!(has_codes || !is_posix_like, "{shell}");
        }
        for one in program.get_subcommands() {
            let mut page = Vec::new();
            clap_mangen::Man::new(one.clone()).render(&mut page).expect("is rendered");
            let page = String::from_utf8(page).expect("is text");
            assert!(page.contains(".SH DESCRIPTION"), "{}", one.get_name());
        }
    }
}
