//! One finding: what is wrong, where, every other place that took part, and the edit.

use std::sync::Arc;

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
    pub span: Span,
    /// What is so here.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of the fault, as `cfgbuild explain` takes it.
    pub code: &'static str,
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
    /// Whether the edits are one way of several, which only their author can choose: shown, never made unasked.
    pub choice: bool,
    /// Secrets: a renderer shows stars in their place.
    pub hidden: Arc<Vec<Span>>,
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
            choice: false,
            hidden: Arc::default(),
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
        Arc::make_mut(&mut self.hidden).push(span);
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

    /// Marks its edits as one way of several.
    #[must_use]
    pub fn choice(mut self) -> Self {
        self.choice = true;
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
