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

/// Returns what a key says; an empty text where it says nothing.
pub(super) fn word(node: &Node, key: &str) -> String {
    node.get(key).and_then(said).unwrap_or_default()
}

/// Returns what a key says, unless that is nothing or an empty text.
pub(super) fn filled(node: &Node, key: &str) -> Option<String> {
    Some(word(node, key)).filter(|text| !text.is_empty())
}

pub(super) fn is_true(node: &Node) -> bool {
    matches!(&node.kind, Kind::Scalar(text, _) if text == "true")
}

/// Tells whether a key is there and true.
pub(super) fn flag(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(is_true)
}

/// Returns the text of a key with its place.
pub(super) fn named(item: &Node, key: &str) -> Option<Spanned<String>> {
    let node = item.get(key)?;
    Some(Spanned::new(said(node)?, node.span))
}

pub(super) fn number(item: &Node, key: &str) -> Option<u32> {
    let number: i64 = item.get(key).and_then(said)?.parse().ok()?;
    number.try_into().ok()
}

/// Returns the number of a key: 0 where it is not there, and the largest where it is none that can be.
pub(super) fn count(item: &Node, key: &str) -> u32 {
    item.get(key).map_or(0, |_| number(item, key).unwrap_or(u32::MAX))
}

/// Returns where a resource is fetched from, and by what it is verified; `None` where the config holds it.
pub(super) fn remote(resource: &Node) -> Option<(String, Option<String>)> {
    let source = filled(resource, "source").filter(|source| !source.starts_with("data:"))?;
    Some((source, resource.get("verification").and_then(|node| filled(node, "hash"))))
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
