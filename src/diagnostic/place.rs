//! Where a finding is, as a machine wants it: a file, and two points in it.
//!
//! Lines and columns count from 1, columns in characters. A place that no file says keeps its source's name alone.

use std::path::{Component, Path};

use serde::Serialize;

use super::Label;
use crate::source::{Change, FileId, Origin, Sources, Span};

/// A point in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Point {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Bytes before it, in a text without byte order mark and with `\n` at the end of lines.
    pub offset: usize,
}

/// A place with a few words about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Path of the file, from the current directory; none where no file says it.
    pub file: Option<String>,
    /// The file, or what else says it: `--set`, `the environment`, `cfgbuild's own defaults`.
    pub source: String,
    /// First character; none where there is no file.
    pub start: Option<Point>,
    /// One past the last character; none where there is no file.
    pub end: Option<Point>,
    /// First character in a text that is in no file of the user's: a shipped profile. Only people look there.
    #[serde(skip)]
    pub shipped: Option<Point>,
    /// What is so here.
    pub label: String,
}

/// A change of a file, as a machine wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// Path of the file, from the current directory.
    pub file: String,
    /// First character that goes.
    pub start: Point,
    /// One past the last character that goes; the start where something is only put in.
    pub end: Point,
    /// What comes instead.
    pub text: String,
}

impl Correction {
    /// Returns changes with their files; none at all where one of them is in no file.
    pub(super) fn all(sources: &Sources, changes: &[Change], base: &Path) -> Vec<Self> {
        let correction = |change: &Change| {
            let Change { span, text } = change;
            let (start, end) =
                (point(sources, span.file, span.start), point(sources, span.file, span.end));
            Some(Self { file: file(sources, span.file, base)?, start, end, text: text.clone() })
        };
        let all: Option<Vec<Self>> = changes.iter().map(correction).collect();
        all.unwrap_or_default()
    }
}

/// Returns the path of a file from the current directory; `base` leads from there to the workspace.
fn file(sources: &Sources, id: FileId, base: &Path) -> Option<String> {
    match sources.origin(id) {
        Origin::Workspace => Some(below(base, sources.name(id))),
        Origin::Outside => Some(below(Path::new(""), sources.name(id))),
        Origin::Shipped | Origin::NoFile => None,
    }
}

impl Place {
    /// Returns the place of a label; `base` leads from the current directory to the workspace.
    pub(super) fn of(sources: &Sources, label: &Label, base: &Path) -> Self {
        let Label { span, text } = label;
        let source = sources.name(span.file);
        let file = file(sources, span.file, base);
        let is_shipped = sources.origin(span.file) == Origin::Shipped;
        let shipped = is_shipped.then(|| point(sources, span.file, covered(sources, *span).0));
        let points = file.is_some().then(|| {
            let (start, end) = covered(sources, *span);
            (point(sources, span.file, start), point(sources, span.file, end))
        });
        Self {
            source: file.clone().unwrap_or_else(|| source.to_owned()),
            file,
            start: points.map(|(start, _)| start),
            end: points.map(|(_, end)| end),
            shipped,
            label: text.clone(),
        }
    }
}

/// Returns a path below a folder, without `.` in it and with `/`.
fn below(base: &Path, name: &str) -> String {
    let path = base.join(name);
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.collect::<std::path::PathBuf>().display().to_string()
}

/// Returns the ends of a span without the blanks behind it: a map or a block ends where the next key begins.
fn covered(sources: &Sources, span: Span) -> (u32, u32) {
    let slice = sources.slice(span);
    let kept = slice.trim_end().len();
    if kept == 0 {
        // a span of blanks alone marks no more than its first line
        let first = slice.split('\n').next().unwrap_or("").len();
        return (span.start, Span::new(span.file, 0, span.start as usize + first).end);
    }
    (span.start, Span::new(span.file, 0, span.start as usize + kept).end)
}

fn point(sources: &Sources, file: FileId, offset: u32) -> Point {
    let (line, column) = sources.position(file, offset);
    Point { line, column, offset: (offset as usize).min(sources.text(file).len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_count_lines_and_characters() {
        let text = "ä: 1\nb:\n  c: öö\n  d: 2\n\ne: 3\n";
        let mut sources = Sources::new();
        let file = sources.add("profiles/x/profile.yaml", text);
        let start = text.find('c').unwrap();
        let end = text.find('e').unwrap();
        let label = Label { span: Span::new(file, start, end), text: "here".to_owned() };
        let place = Place::of(&sources, &label, Path::new("./space/"));
        assert_eq!(place.file.as_deref(), Some("space/profiles/x/profile.yaml"));
        assert_eq!(place.start, Some(Point { line: 3, column: 3, offset: start }));
        assert_eq!(
            place.end,
            Some(Point { line: 4, column: 7, offset: text.find("\n\n").unwrap() })
        );
    }

    #[test]
    fn what_no_file_says_has_no_points() {
        let mut sources = Sources::new();
        let file = sources.add_from(Origin::NoFile, "--set", "heap=4");
        let label = Label { span: Span::new(file, 5, 6), text: String::new() };
        let place = Place::of(&sources, &label, Path::new("."));
        assert_eq!((place.file, place.source.as_str(), place.start), (None, "--set", None));
    }

    #[test]
    fn a_span_beyond_the_text_ends_with_it() {
        let mut sources = Sources::new();
        let file = sources.add("f", "ab\n");
        let label = Label { span: Span::new(file, 90, 99), text: String::new() };
        let place = Place::of(&sources, &label, Path::new("."));
        assert_eq!(place.start, Some(Point { line: 2, column: 1, offset: 3 }));
        assert_eq!(place.end, place.start);
    }
}
