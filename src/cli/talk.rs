//! What the program says: findings and progress on stderr, data on stdout.

use std::io::Write as _;

use crate::diagnostic::{Diagnostics, Severity, render};
use crate::source::Sources;

/// Most findings drawn in one run: a file of nothing but faults needs no more.
const MOST: usize = 200;

/// Draws all findings, then a line that counts them.
pub(super) fn findings(sources: &Sources, diags: &Diagnostics) -> anyhow::Result<()> {
    heard(draw(sources, diags))
}

fn draw(sources: &Sources, diags: &Diagnostics) -> std::io::Result<()> {
    let all = diags.sorted();
    let mut err = anstream::stderr();
    let width = terminal_width();
    for diagnostic in all.iter().take(MOST) {
        writeln!(err, "{}\n", render(sources, diagnostic, width))?;
    }
    if all.len() > MOST {
        writeln!(err, "… and {} more\n", all.len() - MOST)?;
    }
    let errors = all.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let warnings = all.len() - errors;
    if errors > 0 {
        writeln!(err, "{}", count(&[(errors, "error"), (warnings, "warning")]))?;
    } else if warnings > 0 {
        writeln!(err, "{}", count(&[(warnings, "warning")]))?;
    }
    if let Some(first) = all.first() {
        writeln!(err, "more about a finding: `cfgbuild explain {}`", first.code)?;
    }
    Ok(())
}

/// Returns `3 errors, 1 warning`.
pub(super) fn count(counts: &[(usize, &str)]) -> String {
    let parts = counts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, what)| format!("{number} {what}{}", if *number == 1 { "" } else { "s" }))
        .collect();
    parts.join(", ")
}

/// Says a line.
pub(super) fn say(line: &str) -> anyhow::Result<()> {
    heard(writeln!(anstream::stderr(), "{line}"))
}

/// Says what the machine failed at, with every cause.
pub(super) fn failure(error: &anyhow::Error) {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    // where stderr itself is gone there is nobody to tell
    drop(writeln!(anstream::stderr(), "error: {}", causes.join(": ")));
}

/// Writes data to stdout as it is.
pub(super) fn data(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    heard(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Forgives that nobody reads on, as in `cfgbuild check | head -1`: what is true stays true, and decides the exit code.
fn heard(written: std::io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Returns the columns of the terminal; wide enough for most lines where there is none.
fn terminal_width() -> usize {
    #[expect(clippy::disallowed_methods, reason = "only how findings are drawn depends on it")]
    let columns = std::env::var("COLUMNS");
    columns
        .ok()
        .and_then(|columns| columns.parse().ok())
        .filter(|columns| *columns >= 40)
        .unwrap_or(140)
}
