//! `cfgbuild explain`: the manual of one finding, or a document: who has the program alone has no folder `docs/`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::bail;

use super::talk;
use crate::check;
use crate::diagnostic::{entries, suggestion};

/// Every document, by the path that messages name it by, sorted; `build.rs` collects them.
const DOCUMENTS: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/documents.rs"));

/// Explain a finding: what it means, why it is refused, how to mend it
///
/// A document is printed, too: `docs/tutorial.md` starts from nothing. Without a code, lists all there are.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The code in brackets, as in `error[unknown-key]`, or a document, as in `docs/tutorial.md`
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
        for (path, text) in DOCUMENTS {
            writeln!(lines, "{path:<width$}  {}", title(text))?;
        }
        talk::data(lines.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    if let Some((_, text)) = DOCUMENTS.iter().find(|(path, _)| path == code) {
        talk::data(text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let code =
        code.trim_start_matches("error").trim_start_matches("warning").trim_matches(['[', ']']);
    let Some(text) = manuals.get(code) else {
        let documents = DOCUMENTS.iter().map(|(path, _)| *path);
        bail!(
            "there is no finding `{code}`: {}",
            suggestion(code, manuals.keys().copied().chain(documents).collect::<Vec<_>>())
        );
    };
    talk::data(format!("{code}\n\n{}\n", text.trim_end()).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the heading of a document.
fn title(text: &[u8]) -> Cow<'_, str> {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(line.strip_prefix(b"# ").unwrap_or(line))
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
