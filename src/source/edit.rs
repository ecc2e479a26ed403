//! Changes of a text that mend a finding, said by meaning; `editor/` turns them into bytes when they are wanted.
//!
//! Whoever finds a fault knows what is to be done ("write this word instead", "add this key beside it"), not how the
//! file is indented. An edit that does not fit the text exactly, as where a template made it, comes to nothing.

use super::text::{Sources, Span};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The place it is said of.
    pub(super) at: Span,
    pub(super) kind: Kind,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What is written there becomes something else.
    Replace { old: String, new: String },
    /// The lines that hold it go.
    DropLines { old: String },
    /// Lines come above or below the one that holds it.
    AddLines { old: String, lines: String, above: bool },
    /// The entry of a map or list that is there goes.
    Remove,
    /// The scalar that is there becomes another.
    Write { new: String },
    /// The key of the entry that is there becomes another.
    Rename { new: String },
    /// A key gets a value or goes: a neighbour of the entry that is there, or one inside of it.
    Key { key: String, value: Option<String>, inside: bool },
    /// A key of the profile gets a value, by its path.
    Set { path: Vec<String>, value: String },
}

impl Edit {
    /// Writes `new` for `old`, which stands at `at`, in quotes or without.
    pub fn replace(at: Span, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self { at, kind: Kind::Replace { old: old.into(), new: new.into() } }
    }

    /// Removes the lines that hold `old`, which stands at `at`.
    pub fn drop_lines(at: Span, old: impl Into<String>) -> Self {
        Self { at, kind: Kind::DropLines { old: old.into() } }
    }

    /// Adds lines below the one that holds `old`, which stands at `at`, as far in as that one.
    pub fn below(at: Span, old: impl Into<String>, lines: impl Into<String>) -> Self {
        Self { at, kind: Kind::AddLines { old: old.into(), lines: lines.into(), above: false } }
    }

    /// Adds lines above the one that holds `old`, which stands at `at`.
    pub fn above(at: Span, old: impl Into<String>, lines: impl Into<String>) -> Self {
        Self { at, kind: Kind::AddLines { old: old.into(), lines: lines.into(), above: true } }
    }

    /// Removes the entry of a map or list whose key or value stands at `at`.
    pub fn remove(at: Span) -> Self {
        Self { at, kind: Kind::Remove }
    }

    /// Writes another scalar, as YAML, for the one at `at`.
    pub fn write(at: Span, new: impl Into<String>) -> Self {
        Self { at, kind: Kind::Write { new: new.into() } }
    }

    /// Gives the entry whose key or value stands at `at` another key.
    pub fn rename(at: Span, new: impl Into<String>) -> Self {
        Self { at, kind: Kind::Rename { new: new.into() } }
    }

    /// Gives `key` a value, as YAML, in the map that has an entry at `at`.
    pub fn set_beside(at: Span, key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { at, kind: Kind::Key { key: key.into(), value: Some(value.into()), inside: false } }
    }

    /// Removes `key` from the map that has an entry at `at`.
    pub fn remove_beside(at: Span, key: impl Into<String>) -> Self {
        Self { at, kind: Kind::Key { key: key.into(), value: None, inside: false } }
    }

    /// Gives `key` a value, as YAML, in the map whose own key stands at `at`.
    pub fn set_inside(at: Span, key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { at, kind: Kind::Key { key: key.into(), value: Some(value.into()), inside: true } }
    }

    /// Removes `key` from the map whose own key stands at `at`.
    pub fn remove_inside(at: Span, key: impl Into<String>) -> Self {
        Self { at, kind: Kind::Key { key: key.into(), value: None, inside: true } }
    }

    /// Gives a key of the profile a value, as YAML; maps on the way are made.
    pub fn set<'a>(path: impl IntoIterator<Item = &'a str>, value: impl Into<String>) -> Self {
        let path = path.into_iter().map(str::to_owned).collect();
        Self { at: Sources::NOWHERE, kind: Kind::Set { path, value: value.into() } }
    }
}

impl Edit {
    /// Returns the place it is said of.
    pub fn place(&self) -> Span {
        self.at
    }

    /// Returns the edit for another place that says the same; only words can be moved.
    pub fn moved(self, at: Span) -> Option<Self> {
        match &self.kind {
            Kind::Replace { .. } => Some(Self { at, ..self }),
            Kind::DropLines { .. }
            | Kind::AddLines { .. }
            | Kind::Remove
            | Kind::Write { .. }
            | Kind::Rename { .. }
            | Kind::Key { .. }
            | Kind::Set { .. } => None,
        }
    }
}
