//! From a part of a value's text back to its place in the file.

use super::text::{Sources, Span};

/// Returns the place of `length` bytes at `offset` of the text that was written at `span`.
///
/// Exact where the text stands in the file as it is, or line by line with an indentation before it, as in a block.
/// Where a template changed a line, the whole line is returned; where nothing fits, the whole value.
pub fn locate(sources: &Sources, span: Span, text: &str, offset: usize, length: usize) -> Span {
    Locator::new(sources, span, text).place(offset, length)
}

/// A text and where it was written, compared once: a place in it is then found without reading it again.
#[derive(Clone, Debug)]
pub struct Locator {
    span: Span,
    /// How many bytes stand before the text, where it stands in the file as it is.
    exact: Option<usize>,
    /// Where each line of the text begins, and what stands for it in the file.
    lines: Vec<(usize, Option<Line>)>,
}

/// What stands in the file for a line of a text.
#[derive(Clone, Copy, Debug)]
enum Line {
    /// The line itself: where it begins in the file, and how long it is.
    Same(usize, usize),
    /// A line that a template changed: from where to where.
    Changed(usize, usize),
}

impl Locator {
    /// Compares a text with the place it was written at.
    pub fn new(sources: &Sources, span: Span, text: &str) -> Self {
        let covered = sources.slice(span);
        let quoted = covered.char_indices().nth(1).filter(|(at, _)| *at == 1);
        let exact = if covered.starts_with(text) {
            Some(0)
        } else {
            let behind = quoted.and_then(|(at, _)| covered.get(at..));
            behind.filter(|behind| behind.starts_with(text)).map(|_| 1)
        };
        let lines = if exact.is_some() { Vec::new() } else { lines(covered, span, text) };
        Self { span, exact, lines }
    }

    /// Returns the place of `length` bytes at `offset` of the text.
    pub fn place(&self, offset: usize, length: usize) -> Span {
        let file = self.span.file;
        if let Some(skip) = self.exact {
            let start = self.span.start as usize + skip + offset;
            return Span::new(file, start, start + length);
        }
        let index = self.lines.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
        let Some((start, line)) = self.lines.get(index) else { return self.span };
        match line {
            Some(Line::Same(at, wanted)) => {
                let column = offset.saturating_sub(*start);
                let from = at + column;
                Span::new(file, from, from + length.min(wanted.saturating_sub(column)))
            }
            Some(Line::Changed(from, to)) => Span::new(file, *from, *to),
            None => self.span,
        }
    }
}

fn lines(covered: &str, span: Span, text: &str) -> Vec<(usize, Option<Line>)> {
    // the text's lines follow one for one; a header comes before them where the span covers it
    let header = usize::from(covered.starts_with(['|', '>']));
    let same_lines =
        covered.trim_end().matches('\n').count() == text.trim_end().matches('\n').count() + header;
    let is_block = covered.contains('\n');
    let mut at = span.start as usize;
    let mut raw_lines = covered.split_inclusive('\n');
    for raw in raw_lines.by_ref().take(header) {
        at += raw.len();
    }
    let mut start = 0;
    let mut found = Vec::new();
    for wanted in text.split('\n') {
        let line = raw_lines.next().and_then(|raw| {
            let (begin, written) = (at, raw.trim_end_matches('\n'));
            at += raw.len();
            if written.ends_with(wanted) {
                return Some(Line::Same(begin + written.len() - wanted.len(), wanted.len()));
            }
            let indent = written.len() - written.trim_start().len();
            (same_lines && is_block).then_some(Line::Changed(begin + indent, begin + written.len()))
        });
        found.push((start, line));
        start += wanted.len() + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_place() {
        for (file, covered, text, part, expected) in [
            ("k: abc", "abc", "abc", "b", "b"),
            ("k: \"abc\"", "\"abc\"", "abc", "c", "c"),
            ("k: |\n  [Unit]\n  A=b\n", "[Unit]\n  A=b\n", "[Unit]\nA=b\n", "b\n", "b"),
            (
                "k: |\n  [Unit]\n  A={{x}}\n",
                "[Unit]\n  A={{x}}\n",
                "[Unit]\nA=1\n",
                "A=1",
                "A={{x}}",
            ),
            ("k: \"a\\tb\"", "\"a\\tb\"", "a\tb", "b", "\"a\\tb\""),
        ] {
            let mut sources = Sources::new();
            let id = sources.add("f", file);
            let start = file.find(covered).expect("is there");
            let span = Span::new(id, start, start + covered.len());
            let offset = text.find(part).expect("is there");
            let found = locate(&sources, span, text, offset, part.len());
            assert_eq!(sources.slice(found), expected, "{file}");
        }
    }
}
