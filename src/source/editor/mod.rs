//! Edits → the bytes they change, or nothing where one of them does not fit.

mod change;
mod lines;
mod tree;

use std::collections::BTreeMap;

use super::edit::{Edit, Kind};
use super::node::Node;
use super::text::{FileId, Sources};
use super::yaml::parse;

pub use change::Change;

/// Turns edits into changes; reads each file once.
#[derive(Debug)]
pub struct Editor<'a> {
    sources: &'a Sources,
    trees: BTreeMap<FileId, Option<Node>>,
}

impl<'a> Editor<'a> {
    /// Returns an editor of these texts.
    pub fn new(sources: &'a Sources) -> Self {
        Self { sources, trees: BTreeMap::new() }
    }

    /// Returns the changes that edits come to; none at all where one of them does not fit. `profile` is the file whose
    /// keys are set by their path.
    pub fn changes(&mut self, edits: &[Edit], profile: Option<FileId>) -> Vec<Change> {
        let all: Option<Vec<Change>> =
            edits.iter().map(|edit| self.change(edit, profile)).collect();
        all.unwrap_or_default()
    }

    fn change(&mut self, edit: &Edit, profile: Option<FileId>) -> Option<Change> {
        let Edit { at, kind } = edit;
        let file = if let Kind::Set { .. } = kind { profile? } else { at.file };
        let sources = self.sources;
        let text = sources.text(file);
        match kind {
            Kind::Replace { old, new } => lines::replace(text, *at, old, new),
            Kind::DropLines { old } => lines::drop(text, *at, old),
            Kind::AddLines { old, lines, above } => lines::add(text, *at, old, lines, *above),
            Kind::Remove => tree::remove(text, self.tree(file)?, *at),
            Kind::Write { new } => tree::write(text, self.tree(file)?, *at, new),
            Kind::Rename { new } => tree::rename(self.tree(file)?, *at, new),
            Kind::Key { key, value, inside } => {
                tree::key(text, self.tree(file)?, *at, key, value.as_deref(), *inside)
            }
            Kind::Set { path, value } => tree::set(text, self.tree(file)?, path, value),
        }
    }

    fn tree(&mut self, file: FileId) -> Option<&Node> {
        let sources = self.sources;
        self.trees.entry(file).or_insert_with(|| parse(file, sources.text(file)).ok()).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    /// Makes an edit of the first `at` in a text, and returns what comes of it.
    fn edited(text: &str, at: &str, edit: impl Fn(Span) -> Edit) -> Option<String> {
        let mut sources = Sources::new();
        let file = sources.add("f", text);
        let start = text.find(at).expect("is there");
        let edit = edit(Span::new(file, start, start + at.len()));
        let changes = Editor::new(&sources).changes(&[edit], Some(file));
        let Change { span, text: new } = changes.first()?;
        let mut text = text.to_owned();
        text.replace_range(span.start as usize..span.end as usize, new);
        Some(text)
    }

    #[test]
    fn words_and_lines() {
        let unit = "a: |\n  [Unit]\n  X=1 \\\n    2\n  Y=3\n";
        for (text, at, wanted) in [
            ("a: bc", "bc", Some("a: new")),
            ("a: 'bc'", "'bc'", Some("a: 'new'")),
            ("a: b{{x}}", "b{{x}}", None),
        ] {
            let found = edited(text, at, |span| Edit::replace(span, "bc", "new"));
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
        let below = edited(unit, "Y=3", |span| Edit::below(span, "Y=3", "new"));
        assert_eq!(below.as_deref(), Some("a: |\n  [Unit]\n  X=1 \\\n    2\n  Y=3\n  new\n"));
        let above = edited(unit, "[Unit]", |span| Edit::above(span, "[Unit]", "new"));
        assert_eq!(above.as_deref(), Some("a: |\n  new\n  [Unit]\n  X=1 \\\n    2\n  Y=3\n"));
        let open = edited("[Unit]", "[Unit]", |span| Edit::below(span, "[Unit]", "new"));
        assert_eq!(open.as_deref(), Some("[Unit]\nnew"));
        let found = edited(unit, "X=1 \\\n    2", |span| Edit::drop_lines(span, "X=1 \\\n  2"));
        assert_eq!(found.as_deref(), Some("a: |\n  [Unit]\n  Y=3\n"));
    }

    #[test]
    fn entries_of_yaml() {
        let block = "a:\n  b: 1 # one\n  c:\n    - d: 2\n      e: 3\nf: { g: 4, h: [5, 6] }\n";
        for (at, edit, wanted) in [
            ("b: 1", "-", "a:\n  c:\n    - d: 2\n      e: 3\nf: { g: 4, h: [5, 6] }\n"),
            ("e: 3", "-", "a:\n  b: 1 # one\n  c:\n    - d: 2\nf: { g: 4, h: [5, 6] }\n"),
            ("g: 4", "-", "a:\n  b: 1 # one\n  c:\n    - d: 2\n      e: 3\nf: { h: [5, 6] }\n"),
            ("6", "-", "a:\n  b: 1 # one\n  c:\n    - d: 2\n      e: 3\nf: { g: 4, h: [5] }\n"),
            (
                "b: 1",
                "+",
                "a:\n  b: 1 # one\n  new: 7\n  c:\n    - d: 2\n      e: 3\nf: { g: 4, h: [5, 6] }\n",
            ),
            (
                "g: 4",
                "+",
                "a:\n  b: 1 # one\n  c:\n    - d: 2\n      e: 3\nf: { g: 4, new: 7, h: [5, 6] }\n",
            ),
            (
                "e: 3",
                "+",
                "a:\n  b: 1 # one\n  c:\n    - d: 2\n      e: 3\n      new: 7\nf: { g: 4, h: [5, 6] }\n",
            ),
            (
                "f: {",
                ">",
                "a:\n  b: 1 # one\n  c:\n    - d: 2\n      e: 3\nf: { g: 4, h: [5, 6], new: 7 }\n",
            ),
            (
                "b: 1",
                "=",
                "a:\n  new: 1 # one\n  c:\n    - d: 2\n      e: 3\nf: { g: 4, h: [5, 6] }\n",
            ),
        ] {
            let found = edited(block, at, |span| {
                let key = Span { end: span.start + 1, ..span };
                match edit {
                    "-" => Edit::remove(key),
                    "+" => Edit::set_beside(key, "new", "7"),
                    ">" => Edit::set_inside(key, "new", "7"),
                    _ => Edit::rename(key, "new"),
                }
            });
            assert_eq!(found.as_deref(), Some(wanted), "{edit} {at}");
        }
    }

    #[test]
    fn keys_of_a_profile() {
        for (text, path, wanted) in [
            ("", &["a", "b"][..], Some("a: { b: 1 }\n")),
            ("c: 2\n", &["a", "b"], Some("c: 2\na: { b: 1 }\n")),
            ("a:\nc: 2\n", &["a", "b"], Some("a: { b: 1 }\nc: 2\n")),
            ("a: {}\n", &["a", "b"], Some("a: { b: 1 }\n")),
            (
                "a:\n  c: |\n    x\n\nd: 1\n",
                &["a", "b"],
                Some("a:\n  c: |\n    x\n  b: 1\n\nd: 1\n"),
            ),
            ("a: { b: 2 }", &["a", "b"], Some("a: { b: 1 }")),
            ("a: 3\n", &["a", "b"], None),
        ] {
            let found = edited(text, "", |_| Edit::set(path.iter().copied(), "1"));
            assert_eq!(found.as_deref(), wanted, "{text:?}");
        }
        for (text, at, wanted) in [
            ("a: { b: 2 }\n", "b", Some("a: {}\n")),
            ("a:\n  b: 2\nc: 3\n", "b", Some("a: {}\nc: 3\n")),
            ("a: [b]\n", "b", Some("a: []\n")),
        ] {
            assert_eq!(edited(text, at, Edit::remove).as_deref(), wanted, "{text:?}");
        }
        let written = edited("a: {{x}}\n", "{{x}}", |span| Edit::write(span, "1"));
        assert_eq!(written, None);
    }
}
