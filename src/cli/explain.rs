//! `cfgbuild explain`: the manual of one finding.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::bail;

use super::talk;
use crate::diagnostic::{entries, manual, suggestion};

/// Explain a finding: what it means, why it is refused, how to mend it
///
/// Without a code, lists all there are.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The code in brackets, as in `error[unknown-key]`
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Some(code) = &args.code else {
        let mut lines = String::new();
        let width = entries().map(|entry| entry.code.len()).max().unwrap_or(0);
        for entry in entries() {
            writeln!(lines, "{:<width$}  {}", entry.code, entry.text.lines().next().unwrap_or(""))?;
        }
        talk::data(lines.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let code =
        code.trim_start_matches("error").trim_start_matches("warning").trim_matches(['[', ']']);
    let Some(text) = manual(code) else {
        bail!(
            "there is no finding `{code}`: {}",
            suggestion(code, entries().map(|entry| entry.code).collect::<Vec<_>>())
        );
    };
    talk::data(format!("{code}\n\n{text}\n").as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
