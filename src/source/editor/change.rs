//! What an edit comes to: bytes of a file, and what is written instead.

use crate::source::text::{FileId, Span};

/// Bytes of a file, and what is written instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The bytes; none where something is put in.
    pub span: Span,
    /// What comes instead; nothing where something goes.
    pub text: String,
}

impl Change {
    pub(super) fn new(file: FileId, start: usize, end: usize, text: impl Into<String>) -> Self {
        Self { span: Span::new(file, start, end), text: text.into() }
    }
}
