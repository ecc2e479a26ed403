//! What the user is told: findings with a code, a place, every other place that took part, and the edit.
//!
//! This room knows no YAML key and no format; each message is written where its fault is found.

mod catalogue;
mod check;
mod json;
mod nearest;
mod place;
mod render;
mod report;
mod sarif;
mod secret;
mod short;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

pub use catalogue::{Entry, entries, manual};
pub use check::Check;
pub use json::json;
pub use nearest::{nearest, suggestion};
pub use place::{Correction, Place, Point};
pub use render::render;
pub use report::{Finding, Report};
pub use sarif::sarif;
pub use secret::{Secret, SecretKind, mask, secret_of_setting, secrets};
pub use short::short;

use crate::source::{Edit, Fault, Span};

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
    /// The same as changes of the text, where it can be made without thinking.
    pub edits: Vec<Edit>,
    /// Secrets: a renderer shows stars in their place.
    pub hidden: Vec<Span>,
}

impl Diagnostic {
    /// Returns an error at `span`; `label` says what is wrong there.
    pub fn error(
        code: &'static str,
        span: Span,
        title: impl Into<String>,
        label: impl Into<String>,
    ) -> Self {
        let primary = Label { span, text: cut(label.into()) };
        Self {
            code,
            severity: Severity::Error,
            title: cut(readable(&title.into())),
            primary,
            related: Vec::new(),
            help: None,
            edits: Vec::new(),
            hidden: Vec::new(),
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
        self.related.push(Label { span, text: cut(text.into()) });
        self
    }

    /// Has a place shown as stars: it holds a secret.
    #[must_use]
    pub fn hide(mut self, span: Span) -> Self {
        self.hidden.push(span);
        self
    }

    /// Sets the exact edit that mends it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(cut(text.into()));
        self
    }

    /// Adds a change that the help asks for.
    #[must_use]
    pub fn edit(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }
}

impl From<Fault> for Diagnostic {
    fn from(fault: Fault) -> Self {
        let Fault { code, span, title, label, related, help, edit } = fault;
        let edits = edit.into_iter().collect();
        let found = Self { help, edits, ..Self::error(code, span, title, label) };
        match related {
            Some((place, text)) => found.related(place, text),
            None => found,
        }
    }
}

/// Returns a title in one line: long values in it are cut, control characters are shown as pictures.
fn readable(title: &str) -> String {
    const MOST: usize = 80;
    let quoted = |(index, part): (usize, &str)| {
        if index % 2 == 0 || part.chars().count() <= MOST {
            return part.to_owned();
        }
        part.chars().take(MOST).chain(['…']).collect()
    };
    let parts: Vec<String> = title.split('`').enumerate().map(quoted).collect();
    let picture = |c: char| match u32::from(c) {
        code @ 0..32 => char::from_u32(0x2400 + code).unwrap_or(' '),
        _ => c,
    };
    parts.join("`").chars().map(picture).collect()
}

/// Longest text of a finding, in bytes: a value that is quoted in it may be a whole file.
const LONGEST: usize = 2_000;

/// Cuts the middle out of a text that is too long to be read.
fn cut(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let (head, tail) = (LONGEST / 2, text.len() - LONGEST / 4);
    let head = text.get(..text.floor_char_boundary(head)).unwrap_or_default();
    let tail = text.get(text.ceil_char_boundary(tail)..).unwrap_or_default();
    format!("{head} … {tail}")
}

/// Proof that the user has been told: only [`Diagnostics::report`] and [`Diagnostics::stop`] make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported(());

/// The findings of a run.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    seen: BTreeSet<(&'static str, Span, String)>,
    secrets: Vec<String>,
}

impl Diagnostics {
    /// Returns a run without findings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a text out of every finding from now on, whoever writes it.
    pub fn hide(&mut self, secret: &str) {
        // a shorter one would be found in every other word
        if secret.chars().count() >= 3 && !self.secrets.iter().any(|known| known == secret) {
            self.secrets.push(secret.to_owned());
            self.secrets.sort_by_key(|secret| Reverse(secret.len()));
        }
    }

    /// Returns what is never shown, the longest first.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }

    fn without_secrets(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let labels = diagnostic.related.iter_mut().map(|label| &mut label.text);
        let texts = [&mut diagnostic.title, &mut diagnostic.primary.text];
        for text in texts.into_iter().chain(labels).chain(&mut diagnostic.help) {
            for secret in &self.secrets {
                *text = text.replace(secret, "…");
            }
            if let Cow::Owned(masked) = mask("", text) {
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
