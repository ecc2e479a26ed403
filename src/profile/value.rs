//! A resolved tree: like the written one, but every scalar is rendered, per node where nodes differ.

use crate::model::{PerNode, Text};
use crate::source::{Span, Spanned, Style};

/// A node of the resolved tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where it was written, in whichever profile of the chain.
    pub span: Span,
    pub kind: ValueKind,
}

/// What a resolved node is.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `null`: nothing, or the removal of what cfgbuild would generate.
    Null,
    Scalar(Scalar),
    List(Vec<Value>),
    /// A map, in the order of the chain, parents first.
    Map(Vec<(Spanned<String>, Value)>),
}

/// A rendered scalar.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// Its texts: one for all nodes, or one per node.
    pub texts: Texts,
    /// How it was written.
    pub style: Style,
    /// Whether a template made it: then its type is what it looks like, quoted or not.
    pub rendered: bool,
    /// A variable of several lines that a template put between other text.
    pub lines_of: Option<String>,
}

/// One text for all nodes or one per node.
pub type Texts = PerNode<Text>;

impl Scalar {
    /// Returns whether a secret variable went into it.
    pub fn is_secret(&self) -> bool {
        self.texts.all().iter().any(Text::is_secret)
    }
}

impl Value {
    /// Returns the entries if this is a map.
    pub fn entries(&self) -> &[(Spanned<String>, Value)] {
        match &self.kind {
            ValueKind::Map(entries) => entries,
            ValueKind::Null | ValueKind::Scalar(_) | ValueKind::List(_) => &[],
        }
    }

    /// Returns the value of a key; `None` where there is none or it is null.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let (_, value) = self.entries().iter().find(|(name, _)| name.value == key)?;
        (value.kind != ValueKind::Null).then_some(value)
    }

    /// Returns the items if this is a list.
    pub fn items(&self) -> &[Value] {
        match &self.kind {
            ValueKind::List(items) => items,
            ValueKind::Null | ValueKind::Scalar(_) | ValueKind::Map(_) => &[],
        }
    }

    /// Returns the scalar if this is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            ValueKind::Scalar(scalar) => Some(scalar),
            ValueKind::Null | ValueKind::List(_) | ValueKind::Map(_) => None,
        }
    }

    /// Returns the text if this is a scalar that is the same on all nodes and holds nothing known only later.
    pub fn text(&self) -> Option<&str> {
        match &self.scalar()?.texts {
            Texts::Same(text) => text.plain(),
            Texts::Each(_) => None,
        }
    }
}
