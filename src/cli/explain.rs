//! `cfgbuild explain`: the manual of one finding.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::bail;

use super::talk;
use crate::check;
use crate::diagnostic::{entries, suggestion};

/// Explain a finding: what it means, why it is refused, how to mend it
///
/// Without a code, lists all there are.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The code in brackets, as in `error[unknown-key]`
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let manuals = manuals();
    let Some(code) = &args.code else {
        let mut lines = String::new();
        let width = manuals.keys().map(|code| code.len()).max().unwrap_or(0);
        for (code, text) in &manuals {
            let first: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
            writeln!(lines, "{code:<width$}  {}", first.join(" "))?;
        }
        talk::data(lines.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let code =
        code.trim_start_matches("error").trim_start_matches("warning").trim_matches(['[', ']']);
    let Some(text) = manuals.get(code) else {
        bail!(
            "there is no finding `{code}`: {}",
            suggestion(code, manuals.keys().copied().collect::<Vec<_>>())
        );
    };
    talk::data(format!("{code}\n\n{}\n", text.trim_end()).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the manual of every code.
pub(super) fn manuals() -> BTreeMap<&'static str, String> {
    let mut manuals: BTreeMap<&str, String> =
        entries().map(|entry| (entry.code, entry.text.to_owned())).collect();
    manuals.extend(check::all().map(|check| (check.code, check.manual())));
    for text in manuals.values_mut() {
        *text = one_depth(text);
    }
    manuals
}

/// Returns a manual with its headings at one depth, whatever they have where it is written.
fn one_depth(text: &str) -> String {
    let (mut out, mut is_block) = (String::new(), false);
    for line in text.lines() {
        is_block ^= line.starts_with("```");
        let heading = line.trim_start_matches('#');
        let is_heading = !is_block && heading.len() < line.len() && heading.starts_with(' ');
        out.push_str(if is_heading { "##" } else { "" });
        out.push_str(if is_heading { heading } else { line });
        out.push('\n');
    }
    out
}
