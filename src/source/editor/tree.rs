//! Edits of YAML entries, in block and in flow style.

use super::change::Change;
use crate::source::node::{Kind, Node};
use crate::source::text::{Span, Spanned};

/// An entry with the map or list it is in.
#[derive(Clone, Copy)]
struct Found<'a> {
    parent: &'a Node,
    node: &'a Node,
    /// Where the entry begins and ends.
    start: usize,
    end: usize,
}

/// Removes the entry at a place; a map or list that has no other stays, empty.
pub(super) fn remove(text: &str, root: &Node, at: Span) -> Option<Change> {
    let mut path = Vec::new();
    descend(root, at, &mut path);
    let Found { parent, start, end, .. } = *path.last()?;
    if extents(parent).len() == 1 && path.len() > 1 {
        let empty = if let Kind::Map(_) = parent.kind { "{}" } else { "[]" };
        let from = text.get(..parent.span.start as usize)?.trim_end().len();
        return Some(Change::new(at.file, from, parent.span.end as usize, format!(" {empty}")));
    }
    if !is_flow(text, parent) {
        let line = line_start(text, start);
        if !text.get(line..start)?.chars().all(|c| matches!(c, ' ' | '-')) {
            return None;
        }
        // the first key of a map in a list shares its line with the dash
        let dashes = text.get(line..start)?.contains('-');
        if dashes && matches!(parent.kind, Kind::Map(_)) {
            return None;
        }
        let end = text.get(end..)?.find('\n').map_or(text.len(), |more| end + more + 1);
        return Some(Change::new(at.file, line, end, ""));
    }
    let entries = extents(parent);
    let position = entries.iter().position(|(from, _)| *from == start)?;
    if let Some((next, _)) = entries.get(position + 1) {
        return Some(Change::new(at.file, start, *next, ""));
    }
    let before = position.checked_sub(1).and_then(|last| entries.get(last));
    let from = before.map_or(start, |(_, end)| *end);
    Some(Change::new(at.file, from, end, ""))
}

/// Writes another scalar for the one at a place, unless a template made it.
pub(super) fn write(text: &str, root: &Node, at: Span, new: &str) -> Option<Change> {
    let mut path = Vec::new();
    descend(root, at, &mut path);
    let node = path.last()?.node;
    let written = text.get(at.start as usize..at.end as usize)?;
    let is_plain = node.span == at && !written.contains("{{") && !written.contains('\n');
    (is_plain && matches!(node.kind, Kind::Scalar(..)))
        .then(|| Change::new(at.file, at.start as usize, at.end as usize, new))
}

/// Gives the entry at a place another key.
pub(super) fn rename(root: &Node, at: Span, new: &str) -> Option<Change> {
    let mut path = Vec::new();
    descend(root, at, &mut path);
    let found = path.last()?;
    let mut entries = found.parent.entries()?.iter();
    let (key, _) = entries.find(|(key, _)| key.span.start as usize == found.start)?;
    Some(Change::new(at.file, found.start, key.span.end as usize, new))
}

/// Gives a neighbour of the entry at a place, or a key inside of it, a value, or removes it.
pub(super) fn key(
    text: &str,
    root: &Node,
    at: Span,
    key: &str,
    value: Option<&str>,
    inside: bool,
) -> Option<Change> {
    let mut path = Vec::new();
    descend(root, at, &mut path);
    let found = path.iter().rev().find(|found| matches!(found.parent.kind, Kind::Map(_)))?;
    let (map, start, end) = if inside {
        let last = extents(found.node).last().copied();
        let (start, end) = last.unwrap_or_default();
        (found.node, start, end)
    } else {
        (found.parent, found.start, found.end)
    };
    if let Some(value) = value.filter(|_| inside && extents(map).is_empty()) {
        let mut entries = found.parent.entries()?.iter();
        let (name, node) = entries.find(|(name, _)| name.span.start as usize == found.start)?;
        return overwrite(text, name, node, &format!("{{ {key}: {value} }}"));
    }
    let known = map.entries()?.iter().find(|(name, _)| name.value == key);
    match (known, value) {
        (Some((name, _)), None) => remove(text, root, name.span),
        (None, None) => None,
        (Some((name, node)), Some(value)) => overwrite(text, name, node, value),
        (None, Some(value)) => add(text, map, start, end, key, value),
    }
}

/// Gives the value at a path another; what is missing on the way is made.
pub(super) fn set(text: &str, root: &Node, path: &[String], value: &str) -> Option<Change> {
    let mut node = root;
    for (depth, key) in path.iter().enumerate() {
        let rest = path.get(depth + 1..)?;
        match node.entries()?.iter().find(|(name, _)| name.value == *key) {
            Some((name, inner)) if rest.is_empty() || inner.kind == Kind::Null => {
                return overwrite(text, name, inner, &nested(rest, value));
            }
            Some((_, inner)) => node = inner,
            None => {
                let value = nested(rest, value);
                let Some((start, end)) = extents(node).last().copied() else {
                    let written = format!("{key}: {value}");
                    let span = node.span;
                    let (from, to) = (span.start as usize, span.end as usize);
                    return Some(if is_flow(text, node) {
                        Change::new(span.file, from, to, format!("{{ {written} }}"))
                    } else {
                        Change::new(span.file, text.len(), text.len(), format!("{written}\n"))
                    });
                };
                return add(text, node, start, end, key, &value);
            }
        }
    }
    None
}

/// Returns a value below keys that are not there yet.
fn nested(keys: &[String], value: &str) -> String {
    keys.iter().rev().fold(value.to_owned(), |value, key| format!("{{ {key}: {value} }}"))
}

/// Writes a value for what a key has; a map of several lines is left alone.
fn overwrite(text: &str, name: &Spanned<String>, node: &Node, value: &str) -> Option<Change> {
    let file = name.span.file;
    if node.kind == Kind::Null && node.span.start == node.span.end {
        let colon = name.span.end as usize + text.get(name.span.end as usize..)?.find(':')?;
        return Some(Change::new(file, colon + 1, colon + 1, format!(" {value}")));
    }
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    let is_one_line = !text.get(start..end)?.contains('\n');
    is_one_line.then(|| Change::new(file, start, end, value))
}

/// Adds an entry to a map, behind the one from `start` to `end`.
fn add(text: &str, map: &Node, start: usize, end: usize, key: &str, value: &str) -> Option<Change> {
    let file = map.span.file;
    if is_flow(text, map) {
        return Some(Change::new(file, end, end, format!(", {key}: {value}")));
    }
    let column = text.get(line_start(text, start)..start)?.chars().count();
    let line = format!("{}{key}: {value}", " ".repeat(column));
    Some(match text.get(end..)?.find('\n') {
        Some(more) => {
            let is_crlf = text.get(..end + more)?.ends_with('\r');
            let line = line + if is_crlf { "\r\n" } else { "\n" };
            Change::new(file, end + more + 1, end + more + 1, line)
        }
        // the last line of a file may have no end
        None => Change::new(file, text.len(), text.len(), format!("\n{line}")),
    })
}

/// Notes the entries around a place, from the outermost to the one that is there.
fn descend<'a>(parent: &'a Node, at: Span, path: &mut Vec<Found<'a>>) {
    let inside = |span: Span| span.start <= at.start && at.end <= span.end;
    let (found, inner) = match &parent.kind {
        Kind::Map(entries) => {
            let entry = entries.iter().find(|(key, node)| inside(key.span) || inside(node.span));
            let Some((key, node)) = entry else { return };
            (entry_of(parent, key, node), (!inside(key.span)).then_some(node))
        }
        Kind::List(items) => {
            let Some(node) = items.iter().find(|node| inside(node.span)) else { return };
            let (start, end) = (node.span.start as usize, node.span.end as usize);
            (Found { parent, node, start, end }, Some(node))
        }
        Kind::Null | Kind::Scalar(..) => return,
    };
    path.push(found);
    if let Some(node) = inner.filter(|node| node.span != at) {
        descend(node, at, path);
    }
}

fn entry_of<'a>(parent: &'a Node, key: &Spanned<String>, node: &'a Node) -> Found<'a> {
    let end = key.span.end.max(node.span.end) as usize;
    Found { parent, node, start: key.span.start as usize, end }
}

/// Returns where the entries of a map or list begin and end, in the order written; those of an alias are elsewhere.
fn extents(node: &Node) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = match &node.kind {
        Kind::Map(entries) => entries
            .iter()
            .filter(|(key, _)| node.span.start <= key.span.start && key.span.end <= node.span.end)
            .map(|(key, value)| entry_of(node, key, value))
            .map(|found| (found.start, found.end))
            .collect(),
        Kind::List(items) => {
            items.iter().map(|item| (item.span.start as usize, item.span.end as usize)).collect()
        }
        Kind::Null | Kind::Scalar(..) => Vec::new(),
    };
    all.sort_unstable();
    all
}

fn is_flow(text: &str, node: &Node) -> bool {
    text.get(node.span.start as usize..).is_some_and(|rest| rest.starts_with(['{', '[']))
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}
