//! The findings of a run, and the proof that they were reported.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Diagnostic, Needles, Severity, mask};
use crate::source::Span;

/// Proof that the user has been told: only [`Diagnostics::report`] and [`Diagnostics::stop`] make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported(());

/// The findings of a run.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    seen: BTreeSet<(&'static str, Span, String)>,
    secrets: Vec<String>,
    /// The same, to be found.
    hidden: Needles,
}

impl Diagnostics {
    /// Returns a run without findings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a text out of every finding from now on, whoever writes it.
    pub fn hide(&mut self, secret: &str) {
        // a shorter one would be found in every other word
        if secret.chars().count() >= 3 && self.hidden.insert(secret) {
            self.secrets.push(secret.to_owned());
        }
    }

    /// Returns what is never shown.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }

    fn without_secrets(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let labels = diagnostic.related.iter_mut().map(|label| &mut label.text);
        let texts = [&mut diagnostic.title, &mut diagnostic.primary.text];
        for text in texts.into_iter().chain(labels).chain(&mut diagnostic.help) {
            if !self.hidden.is_empty() {
                *text = self.hidden.replace(text, "…");
            }
            if let Cow::Owned(masked) = mask(text) {
                *text = masked;
            }
        }
        diagnostic
    }

    /// Notes a finding; the same one twice (as when a parent is met by two roles) is kept once.
    pub fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        let diagnostic = self.without_secrets(diagnostic);
        if self.seen.insert((diagnostic.code, diagnostic.primary.span, diagnostic.title.clone())) {
            self.found.push(diagnostic);
        }
        Reported(())
    }

    /// Notes a finding, unless one of its code stands at its place: texts that differ by node have their faults once.
    pub fn report_once(&mut self, diagnostic: Diagnostic) {
        let (code, span) = (diagnostic.code, diagnostic.primary.span);
        let known = self.seen.range((code, span, String::new())..).next();
        if known.is_none_or(|(known, at, _)| (*known, *at) != (code, span)) {
            self.report(diagnostic);
        }
    }

    /// Notes all findings of another run, in the order they were noted there.
    pub fn add(&mut self, other: Self) {
        for diagnostic in other.found {
            self.report(diagnostic);
        }
    }

    /// Ends a stage: `Err` if any error has been noted so far.
    pub fn stop(&self) -> Result<(), Reported> {
        if self.has_errors() { Err(Reported(())) } else { Ok(()) }
    }

    /// Returns whether anything found is an error.
    pub fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// Counts the errors found so far.
    pub fn errors(&self) -> usize {
        self.found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// Returns the error that was noted first: what comes from an earlier stage is noted before what a later one finds.
    pub fn first_error(&self) -> Option<&Diagnostic> {
        self.found.iter().find(|found| found.severity == Severity::Error)
    }

    /// Returns all findings in the order they were noted.
    pub fn into_findings(self) -> Vec<Diagnostic> {
        self.found
    }

    /// Returns all findings by file, then place, errors and warnings together.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.found.iter().collect();
        all.sort_by_key(|d| (d.primary.span, d.severity, d.code, &d.title));
        all
    }
}
