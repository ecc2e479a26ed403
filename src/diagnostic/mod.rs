//! What the user is told: findings with a code, a place, every other place that took part, and the edit.
//!
//! This room knows no YAML key and no format; each message is written where its fault is found.

mod catalogue;
mod nearest;
mod render;
mod secret;

use std::collections::BTreeSet;

pub use catalogue::{Entry, entries, manual};
pub use nearest::{nearest, suggestion};
pub use render::render;
pub use secret::{Secret, mask, secrets};

use crate::source::Span;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Cannot work: nothing is written.
    Error,
    /// Will hurt: is said, and the build goes on.
    Warning,
}

/// A place with a few words about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is so here.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of the fault, as `cfgbuild explain` takes it.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, with the values: one phrase, lower case, no full stop.
    pub title: String,
    /// What is wrong here, on the smallest span.
    pub primary: Label,
    /// Every other place that took part.
    pub related: Vec<Label>,
    /// The exact edit, naming keys in backticks.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Returns an error at `span`; `label` says what is wrong there.
    pub fn error(
        code: &'static str,
        span: Span,
        title: impl Into<String>,
        label: impl Into<String>,
    ) -> Self {
        let primary = Label { span, text: label.into() };
        Self {
            code,
            severity: Severity::Error,
            title: title.into(),
            primary,
            related: Vec::new(),
            help: None,
        }
    }

    /// Returns a warning at `span`.
    pub fn warning(
        code: &'static str,
        span: Span,
        title: impl Into<String>,
        label: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, title, label) }
    }

    /// Adds another place that took part.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// Sets the exact edit that mends it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

/// Proof that the user has been told: only [`Diagnostics::report`] and [`Diagnostics::stop`] make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported(());

/// The findings of a run.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    seen: BTreeSet<(&'static str, Span, String)>,
}

impl Diagnostics {
    /// Returns a run without findings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a finding; the same one twice (as when a parent is met by two roles) is kept once.
    pub fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        if self.seen.insert((diagnostic.code, diagnostic.primary.span, diagnostic.title.clone())) {
            self.found.push(diagnostic);
        }
        Reported(())
    }

    /// Notes a finding, unless one of its code stands at its place: texts that differ by node have their faults once.
    pub fn report_once(&mut self, diagnostic: Diagnostic) {
        let is_same = |found: &Diagnostic| {
            found.code == diagnostic.code && found.primary.span == diagnostic.primary.span
        };
        if !self.found.iter().any(is_same) {
            self.report(diagnostic);
        }
    }

    /// Ends a stage: `Err` if any error has been noted so far.
    pub fn stop(&self) -> Result<(), Reported> {
        if self.has_errors() { Err(Reported(())) } else { Ok(()) }
    }

    /// Tells whether anything found is an error.
    pub fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// Counts the errors found so far.
    pub fn errors(&self) -> usize {
        self.found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
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
