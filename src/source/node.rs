//! The tree that every text becomes: values with the places they were written at.

use super::text::{Span, Spanned};

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: may be a number, a boolean or null.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// A block: `|` or `>`.
    Block,
    /// A file of its own, taken as it is: never a template.
    Verbatim,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing, `~` or `null`.
    Null,
    /// Any other scalar, as text.
    Scalar(String, Style),
    List(Vec<Node>),
    /// A map in the order written; no key comes twice.
    Map(Vec<(Spanned<String>, Node)>),
}

/// A node of the tree and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The place: of a map or list, its whole extent.
    pub span: Span,
    pub kind: Kind,
    /// Set by merging: this node replaces what a parent has here instead of being merged into it.
    pub replaces: bool,
}

impl Node {
    /// Returns a node as the parser makes them.
    pub fn new(span: Span, kind: Kind) -> Self {
        Self { span, kind, replaces: false }
    }

    /// Returns the entries if this is a map.
    pub fn entries(&self) -> Option<&[(Spanned<String>, Node)]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            Kind::Null | Kind::Scalar(..) | Kind::List(_) => None,
        }
    }

    /// Returns the value of a key if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|(name, _)| name.value == key).map(|(_, node)| node)
    }
}
