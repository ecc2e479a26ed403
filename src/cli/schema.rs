//! `cfgbuild schema`: the shapes of what is read and printed, for other programs.

use std::process::ExitCode;

use super::talk;
use crate::grammar::GRAMMAR;
use crate::profile::json_schema::json_schema;

/// Print a JSON Schema: of the profile for editors, of the findings or of what inspect shows for programs
///
/// `docs/editors.md` tells how a YAML language server uses it: completion and help while you type.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to describe
    #[arg(value_name = "WHAT", default_value = "profile")]
    what: What,
}

/// What there is a schema of.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    /// `profile.yaml`
    Profile,
    /// What `cfgbuild check --format json` prints
    Findings,
    /// What `cfgbuild inspect --json` prints
    Machine,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Profile => talk::data(json_schema(&GRAMMAR).as_bytes())?,
        What::Findings => talk::data(include_bytes!("../../docs/findings.schema.json"))?,
        What::Machine => talk::data(include_bytes!("../../docs/machine.schema.json"))?,
    }
    Ok(ExitCode::SUCCESS)
}
