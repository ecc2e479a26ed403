//! The paths that a file of Rust names, in `use` declarations and elsewhere.

use crate::code::is_word;

/// One name that a `use` declaration brings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Use {
    /// Where the declaration begins.
    pub(crate) at: usize,
    /// The path, without `self` at its end and without `*`.
    pub(crate) path: Vec<String>,
    /// What it is called here; `*` for everything in it.
    pub(crate) alias: String,
    /// Whether it is handed on, to whomever.
    pub(crate) is_public: bool,
}

/// Returns what a file imports, and its text with the declarations blanked.
pub(crate) fn uses(bare: &str) -> (Vec<Use>, String) {
    let (mut found, mut body) = (Vec::new(), bare.to_owned());
    let mut from = 0;
    while let Some(at) = bare[from..].find("use ").map(|at| from + at) {
        from = at + "use ".len();
        if at > 0 && is_word(bare.as_bytes()[at - 1]) {
            continue;
        }
        let Some(end) = bare[from..].find(';').map(|end| from + end) else { break };
        let at = visibility(bare, at);
        let is_public = bare[at..].starts_with("pub");
        let mut leaves = Vec::new();
        tree(&[], &bare[from..end], &mut leaves);
        found.extend(leaves.into_iter().map(|(path, alias)| Use { at, path, alias, is_public }));
        let blank: String =
            bare[at..=end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        body.replace_range(at..=end, &blank);
        from = end;
    }
    (found, body)
}

/// Returns where the visibility before a declaration begins, or the declaration if it has none.
fn visibility(bare: &str, at: usize) -> usize {
    let before = bare[..at].trim_end();
    let word = match before.strip_suffix(')') {
        Some(inner) => inner.rfind('(').map_or(before, |open| &before[..open]),
        None => before,
    };
    word.strip_suffix("pub").map_or(at, str::len)
}

/// Collects the leaves of a tree of imports.
fn tree(outer: &[String], text: &str, leaves: &mut Vec<(Vec<String>, String)>) {
    let text = text.trim();
    let (front, inner) = match text.split_once('{') {
        Some((front, inner)) => (front, inner.strip_suffix('}')),
        None => (text, None),
    };
    let (front, alias) = match front.split_once(" as ") {
        Some((front, alias)) => (front, Some(alias.trim().to_owned())),
        None => (front, None),
    };
    let mut path = outer.to_vec();
    path.extend(
        front.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()),
    );
    if let Some(inner) = inner {
        let mut depth = 0;
        for part in inner.split(|c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        }) {
            if !part.trim().is_empty() {
                tree(&path, part, leaves);
            }
        }
        return;
    }
    let Some(last) = path.last().cloned() else { return };
    if last == "*" || (last == "self" && path.len() > 1) {
        path.pop();
    }
    let own = if last == "*" { last } else { path.last().cloned().unwrap_or_default() };
    leaves.push((path, alias.unwrap_or(own)));
}

/// Returns the paths of at least two names in a text, and where they begin.
pub(crate) fn paths(body: &str) -> Vec<(usize, Vec<String>)> {
    let bytes = body.as_bytes();
    let word_at = |at: usize| bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = word_at(at);
        if length == 0 {
            at += 1;
            continue;
        }
        let (start, mut end) = (at, at + length);
        let mut path = vec![body[start..end].to_owned()];
        while bytes[end..].starts_with(b"::") && word_at(end + 2) > 0 {
            let next = end + 2;
            end = next + word_at(next);
            path.push(body[next..end].to_owned());
        }
        if path.len() > 1 && !body[..start].ends_with("::") {
            found.push((start, path));
        }
        at = end;
    }
    found
}

#[test]
fn imports_are_read() {
    let text = "use std::fmt::{self, Write as _};\npub(super) use super::a::{b::C, d::*};\nfn f() { g::h(); }";
    let (found, body) = uses(text);
    let names: Vec<(String, &str, bool)> = found
        .iter()
        .map(|found| (found.path.join("::"), found.alias.as_str(), found.is_public))
        .collect();
    assert_eq!(
        names,
        [
            ("std::fmt".to_owned(), "fmt", false),
            ("std::fmt::Write".to_owned(), "_", false),
            ("super::a::b::C".to_owned(), "C", true),
            ("super::a::d".to_owned(), "*", true),
        ]
    );
    assert!(!body.contains("super"), "{body}");
    assert_eq!(paths(&body), [(text.find("g::h").unwrap(), vec!["g".to_owned(), "h".to_owned()])]);
}
