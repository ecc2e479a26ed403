//! What a node of a config holds.

use crate::source::{Kind, Node, Spanned};

pub(super) fn at<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(node, |node, key| node.get(key))
}

/// Returns the items of a list at a path.
pub(super) fn list<'n>(node: &'n Node, path: &[&str]) -> &'n [Node] {
    match at(node, path).map(|node| &node.kind) {
        Some(Kind::List(items)) => items,
        Some(Kind::Null | Kind::Scalar(..) | Kind::Map(_)) | None => &[],
    }
}

/// Returns a text, where it is one.
pub(super) fn said(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Scalar(text, _) => Some(text.clone()),
        Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    }
}

pub(super) fn named(item: &Node, key: &str) -> Option<Spanned<String>> {
    let node = item.get(key)?;
    Some(Spanned::new(said(node)?, node.span))
}

pub(super) fn number(item: &Node, key: &str) -> Option<u32> {
    item.get(key).and_then(said)?.parse().ok()
}

/// Returns the value of a key, whatever its case is: Go reads JSON so.
pub(super) fn alike<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let mut entries = node.entries()?.iter();
    entries.find(|(name, _)| name.value.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}
