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
    let number: i64 = item.get(key).and_then(said)?.parse().ok()?;
    number.try_into().ok()
}

/// Returns the value of a key, whatever its case is: Go reads JSON so.
pub(super) fn alike<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let mut entries = node.entries()?.iter();
    entries.find(|(name, _)| folds_to(&name.value, key)).map(|(_, value)| value)
}

/// Tells whether a key is another in other letters, as Go folds them: the signs of Kelvin and of the long s too.
pub(super) fn folds_to(written: &str, key: &str) -> bool {
    let mut letters = written.chars().map(|c| match c {
        '\u{212a}' => 'k',
        '\u{17f}' => 's',
        c => c.to_ascii_lowercase(),
    });
    key.chars().all(|c| letters.next() == Some(c.to_ascii_lowercase())) && letters.next().is_none()
}
