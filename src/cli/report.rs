//! Findings for machines: which form, and what is said beside them.

use super::explain;
use super::talk::{self, say};
use crate::diagnostic::{Report, Severity, json, sarif, short};

/// How findings are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Drawn for people, on stderr
    Human,
    /// One line each: `file:line:column: error[code]: title`
    Short,
    /// One JSON document; `cfgbuild schema findings` describes it
    Json,
    /// SARIF 2.1.0, for code review
    Sarif,
}

/// Prints a report on stdout, and on stderr how much of it there is.
pub(super) fn print(report: &Report, format: Format) -> anyhow::Result<()> {
    let text = match format {
        Format::Human | Format::Short => short(report),
        Format::Json => json(report),
        Format::Sarif => sarif(report, &explain::manuals()),
    };
    talk::data(text.as_bytes())?;
    if report.omitted() > 0 {
        say(&format!("… and {} more findings, left out", report.omitted()))?;
    }
    let counts = [Severity::Error, Severity::Warning].map(|one| (report.count(one), one.name()));
    if counts.iter().any(|(number, _)| *number > 0) {
        say(&talk::count(&counts))?;
    }
    Ok(())
}
