//! A resolved tree: like the written one, but every scalar is rendered, per node where nodes differ.

use crate::source::{Span, Spanned, Style};

/// Opens the name of a fact known later inside rendered text; YAML input may not contain it.
const HOST_OPEN: char = '\u{F8E0}';
/// Closes it.
const HOST_CLOSE: char = '\u{F8E1}';

/// A node of the resolved tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where it was written, in whichever profile of the chain.
    pub span: Span,
    /// What it is.
    pub kind: ValueKind,
}

/// What a resolved node is.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `null`: nothing, or the removal of what cfgbuild would generate.
    Null,
    /// A scalar.
    Scalar(Scalar),
    /// A list.
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
    /// Whether a secret variable went into it.
    pub secret: bool,
}

/// One text for all nodes or one per node.
#[derive(Clone, Debug, PartialEq)]
pub enum Texts {
    /// The same on all nodes.
    Same(String),
    /// One per node, in their order.
    Each(Vec<String>),
}

impl Texts {
    /// Returns all texts there are.
    pub fn all(&self) -> &[String] {
        match self {
            Self::Same(text) => std::slice::from_ref(text),
            Self::Each(texts) => texts,
        }
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

    /// Returns the text if this is a scalar that is the same on all nodes.
    pub fn text(&self) -> Option<&str> {
        match &self.scalar()?.texts {
            Texts::Same(text) => Some(text),
            Texts::Each(_) => None,
        }
    }
}

/// Returns the marker that stands for a fact in rendered text; `name` is its whole name, as `host.zone`.
pub(super) fn host_marker(name: &str) -> String {
    format!("{HOST_OPEN}{name}{HOST_CLOSE}")
}

/// Tells whether a text holds what is known only later.
pub(super) fn is_late(text: &str) -> bool {
    text.contains(HOST_OPEN)
}

/// Splits rendered text into literals (`Ok`) and whole names of facts (`Err`), in order.
pub fn split_host(text: &str) -> impl Iterator<Item = Result<&str, &str>> {
    text.split(HOST_CLOSE).flat_map(|part| {
        let (literal, name) = match part.split_once(HOST_OPEN) {
            Some((literal, name)) => (literal, Some(name)),
            None => (part, None),
        };
        std::iter::once(Ok(literal)).filter(|literal| *literal != Ok("")).chain(name.map(Err))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_facts_split_out() {
        let text =
            format!("http://{}:80/{}", host_marker("host.private_ipv4"), host_marker("host.zone"));
        let parts: Vec<_> = split_host(&text).collect();
        assert_eq!(parts, [Ok("http://"), Err("host.private_ipv4"), Ok(":80/"), Err("host.zone")]);
        assert_eq!(split_host("plain").collect::<Vec<_>>(), [Ok("plain")]);
        assert_eq!(split_host("").count(), 0);
    }
}
