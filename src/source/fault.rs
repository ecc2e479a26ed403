//! What is wrong with a text that is not YAML, before anybody knows what it means.

use super::edit::Edit;
use super::text::Span;

/// Why a text is not a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which of the faults.
    pub code: &'static str,
    pub span: Span,
    /// What is wrong.
    pub title: String,
    /// What is wrong here.
    pub label: String,
    /// The other place, if two took part.
    pub related: Option<(Span, String)>,
    /// The edit.
    pub help: Option<String>,
    /// The same as a change of the text.
    pub edit: Option<Edit>,
}

impl Fault {
    /// Returns one that names no other place and no edit.
    pub fn new(code: &'static str, span: Span, title: String, label: String) -> Self {
        Self { code, span, title, label, related: None, help: None, edit: None }
    }
}
