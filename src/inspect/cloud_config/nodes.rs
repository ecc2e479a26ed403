//! What a node of a cloud-config holds, as coreos-cloudinit takes it.

use crate::source::{Kind, Node, Spanned};

/// Returns the entries of a list; none of anything else.
pub(super) fn items(node: &Node) -> &[Node] {
    match &node.kind {
        Kind::List(items) => items,
        Kind::Null | Kind::Scalar(..) | Kind::Map(_) => &[],
    }
}

/// Returns a single value.
pub(super) fn scalar(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Scalar(text, _) => Some(text),
        Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    }
}

/// Returns the single value of a key.
pub(super) fn text_of(node: &Node, key: &str) -> Option<Spanned<String>> {
    let value = node.get(key)?;
    Some(Spanned::new(scalar(value)?.to_owned(), value.span))
}

/// Returns the single values in the list of a key.
pub(super) fn texts(node: &Node, key: &str) -> Vec<String> {
    node.get(key)
        .map(items)
        .unwrap_or_default()
        .iter()
        .filter_map(scalar)
        .map(str::to_owned)
        .collect()
}
