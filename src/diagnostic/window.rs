//! The part of a file that a finding shows: the lines of its labels, and of long lines what is around the labels.
//!
//! Drawing takes time for all it is given, so that what nobody sees is left out before.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::source::Lines;

/// Longest line that is given whole, in bytes.
const LONG: usize = 4096;
/// Stands for what is left out of a long line.
const LEFT_OUT: &str = "…";
/// Marks the name of a file whose columns are still those of the window: no path holds it.
const MARK: char = '\0';

/// A part of a file.
#[derive(Debug)]
pub(super) struct Window {
    /// Number of its first line, from 1.
    pub(super) line: usize,
    /// The lines, what is left out of them replaced.
    pub(super) text: String,
    pieces: Vec<Piece>,
}

/// A stretch that is taken over as it is.
#[derive(Debug)]
struct Piece {
    /// Where it is in the file.
    from: Range<usize>,
    /// Where it begins in the window.
    at: usize,
    /// Its line, from 1, and the column of its first character in the file and in the window, from 1.
    line: usize,
    columns: (usize, usize),
}

impl Window {
    /// Takes the lines of `marks` out of a file, each of which is within one line; `width` is that of the terminal, and
    /// `shown` returns what may be shown of a stretch, in as many bytes.
    pub(super) fn new(
        text: &str,
        lines: &Lines,
        mut marks: Vec<Range<usize>>,
        width: usize,
        shown: impl Fn(Range<usize>) -> String,
    ) -> Self {
        marks.sort_by_key(|mark| (mark.start, mark.end));
        let mut by_line: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
        for mark in marks {
            by_line.entry(lines.of(mark.start)).or_default().push(mark);
        }
        let first = by_line.keys().next().copied().unwrap_or(0);
        let mut window = Self { line: first + 1, text: String::new(), pieces: Vec::new() };
        let mut current = first;
        for (line, marks) in by_line {
            // one line between two is drawn, several are folded
            if line == current + 2 {
                let between = lines.range(current + 1, text);
                let end = floor(text, between.end.min(between.start + LONG));
                window.text.push('\n');
                window.text.push_str(&shown(between.start..end));
                current += 1;
            }
            window.text.extend(std::iter::repeat_n('\n', line - current));
            current = line;
            let whole = lines.range(line, text);
            let begin = window.text.len();
            let mut end = whole.start;
            for from in stretches(text, &whole, &marks, width) {
                if from.start > end {
                    window.text.push_str(LEFT_OUT);
                }
                let before = |offset| lines.characters_before(offset, text);
                let in_window = window.text.get(begin..).map_or(0, |text| text.chars().count());
                window.pieces.push(Piece {
                    at: window.text.len(),
                    line: line + 1,
                    columns: (before(from.start) - before(whole.start) + 1, in_window + 1),
                    from: from.clone(),
                });
                end = from.end;
                window.text.push_str(&shown(from));
            }
            if end < whole.end {
                window.text.push_str(LEFT_OUT);
            }
        }
        window
    }

    /// Returns where a mark is in the window; only its beginning where the rest is left out.
    pub(super) fn place(&self, mark: Range<usize>) -> Range<usize> {
        let index = self.pieces.partition_point(|piece| piece.from.start <= mark.start);
        let Some(piece) = self.pieces.get(index.saturating_sub(1)) else { return 0..0 };
        let at =
            |offset: usize| piece.at + offset.min(piece.from.end).saturating_sub(piece.from.start);
        at(mark.start)..at(mark.end)
    }

    /// Returns the name of the file as the window must be drawn with.
    pub(super) fn path(&self, name: &str) -> String {
        if self.is_cut() { format!("{name}{MARK}") } else { name.to_owned() }
    }

    /// Puts the columns of the file in place of those of the window, behind the name that [`Window::path`] returned.
    pub(super) fn with_columns(&self, drawn: String) -> String {
        let Some((before, after)) = drawn.split_once(MARK).filter(|_| self.is_cut()) else {
            return drawn;
        };
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let split = |text: &'_ str| -> Option<(usize, usize)> {
            let rest = text.strip_prefix(':')?;
            let length = digits(rest);
            Some((rest.get(..length)?.parse().ok()?, 1 + length))
        };
        let told = split(after).and_then(|(line, length)| {
            let rest = after.get(length..)?;
            let (column, more) = split(rest)?;
            Some((line, self.column(line, column), rest.get(more..)?))
        });
        match told {
            Some((line, column, rest)) => format!("{before}:{line}:{column}{rest}"),
            None => format!("{before}{after}"),
        }
    }

    /// Returns the column in the file of one in the window.
    fn column(&self, line: usize, column: usize) -> usize {
        let is_before = |piece: &&Piece| piece.line == line && piece.columns.1 <= column;
        let piece = self.pieces.iter().rfind(is_before);
        piece.map_or(column, |piece| piece.columns.0 + (column - piece.columns.1))
    }

    fn is_cut(&self) -> bool {
        self.text.contains(LEFT_OUT)
    }
}

/// Returns what is shown of a line, in order: all of it, unless it is long.
fn stretches(
    text: &str,
    line: &Range<usize>,
    marks: &[Range<usize>],
    width: usize,
) -> Vec<Range<usize>> {
    if line.len() <= LONG {
        return vec![line.clone()];
    }
    // characters have up to four bytes
    let (far, near) = (width.saturating_mul(4), width / 4);
    let mut found: Vec<Range<usize>> = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        let before = if index == 0 { far } else { near };
        let start = floor(text, mark.start.saturating_sub(before).max(line.start));
        let fits = mark.len() <= width;
        let after = if index + 1 == marks.len() { far } else { near };
        let end = if fits { mark.end.saturating_add(after) } else { mark.start + width };
        let end = floor(text, end.min(line.end));
        match found.last_mut() {
            Some(last) if start <= last.end.saturating_add(near) => last.end = last.end.max(end),
            _ => found.push(start..end),
        }
    }
    found
}

/// Returns the start of the character that an offset falls into.
pub(super) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
