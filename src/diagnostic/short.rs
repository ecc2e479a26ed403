//! Findings in one line each, as compilers print them and editors read them.
//!
//! `file:line:column: severity[code]: title`; where no file says it, what does stands before the colon alone.

use std::fmt::Write as _;

use super::{Report, Severity};

/// Returns all findings of a report, one line each.
pub fn short(report: &Report) -> String {
    let mut lines = String::new();
    for finding in report.findings() {
        let place = &finding.primary;
        let mut at = one_line(&place.source);
        if let Some(start) = place.start.or(place.shipped) {
            // writing to a text cannot fail
            let _ = write!(at, ":{}:{}", start.line, start.column);
        }
        let (severity, code) = (finding.severity.name(), finding.code);
        let _ = writeln!(lines, "{at}: {severity}[{code}]: {}", one_line(&finding.title));
    }
    lines
}

/// Returns a text with what would end the line, or speak to the terminal, spelled out.
fn one_line(text: &str) -> String {
    let spelled = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars()
        .map(|c| if spelled(c) { c.escape_default().to_string() } else { c.to_string() })
        .collect()
}

impl Severity {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_title_stays_in_its_line() {
        assert_eq!(super::one_line("a\nb\u{1b}[0m ä"), "a\\nb\\u{1b}[0m ä");
    }
}
