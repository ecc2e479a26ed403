//! What stands above many findings: how often each was found, and where to begin.

use std::collections::BTreeMap;

use super::style::{DIM, NAME, NEAR, OVER, styled};
use crate::check;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;

/// Fewest findings that have an overview above them: fewer are seen at a glance.
const MANY: usize = 9;
/// Fewest findings at one place that make it the one to begin at.
const MEETING: usize = 3;

/// Returns how often each code was found, what is found most first, and which place is to be mended first;
/// `first` is the error that was noted before all others.
pub(super) fn overview(
    sources: &Sources,
    all: &[&Diagnostic],
    first: Option<&Diagnostic>,
) -> String {
    if all.len() < MANY {
        return String::new();
    }
    let mut counts: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for found in all {
        *counts.entry((found.severity, found.code)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|((severity, code), count)| (*severity, std::cmp::Reverse(*count), *code));
    let width =
        counts.iter().map(|((severity, code), _)| severity.name().len() + code.len() + 2).max();
    let mut lines = "what was found, errors first; each at its place below\n".to_owned();
    for ((severity, code), count) in counts {
        let name = format!("{}[{code}]", severity.name());
        let style = if severity == Severity::Error { OVER } else { NEAR };
        let gap = " ".repeat(width.unwrap_or(0) - name.len());
        let line = format!("  {}{gap}  {count}\n", styled(style, &name));
        lines.push_str(&line);
    }
    if let Some((found, why)) = begin(all, first) {
        let (line, column) = sources.line_column(found.primary.span);
        let at = format!("{}:{line}:{column}", sources.name(found.primary.span.file));
        let line = format!("begin with {} {}: {why}\n", styled(DIM, &at), styled(NAME, found.code));
        lines.push_str(&line);
    }
    lines + "\n"
}

/// Returns the finding to begin with, and why.
fn begin<'a>(
    all: &[&'a Diagnostic],
    first: Option<&'a Diagnostic>,
) -> Option<(&'a Diagnostic, String)> {
    // what comes before the checks keeps parts of a profile from them
    if let Some(first) = first.filter(|first| !check::all().any(|check| check.code == first.code)) {
        return Some((first, "what hangs on it is looked at once it is right".to_owned()));
    }
    let mut places: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
    for found in all {
        places.entry(found.primary.span).or_default().push(found);
    }
    let has_error = |found: &[&Diagnostic]| found.iter().any(|one| one.severity == Severity::Error);
    let places = places.into_values().filter(|found| found.len() >= MEETING && has_error(found));
    let met = places.min_by_key(|found| std::cmp::Reverse(found.len()))?;
    let found = met.iter().find(|one| one.severity == Severity::Error)?;
    Some((found, format!("{} findings meet there", met.len())))
}
