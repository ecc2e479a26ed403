//! From a part of a value's text back to its place in the file.

use super::text::{Sources, Span};

/// Returns the place of `length` bytes at `offset` of the text that was written at `span`.
///
/// Exact where the text stands in the file as it is, or line by line with an indentation before it, as in a block.
/// Where a template changed a line, the whole line is returned; where nothing fits, the whole value.
pub fn locate(sources: &Sources, span: Span, text: &str, offset: usize, length: usize) -> Span {
    let covered = sources.slice(span);
    let start = span.start as usize;
    if let Some(skip) = covered.find(text)
        && skip <= 1
    {
        return Span::new(span.file, start + skip + offset, start + skip + offset + length);
    }
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count();
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let wanted = text.split('\n').nth(line).unwrap_or("");
    // the text's lines follow one for one; a header comes before them where the span covers it
    let header = usize::from(covered.starts_with(['|', '>']));
    let same_lines =
        covered.trim_end().matches('\n').count() == text.trim_end().matches('\n').count() + header;
    let mut at = start;
    for (number, raw) in covered.split_inclusive('\n').enumerate() {
        let written = raw.trim_end_matches('\n');
        if number == line + header {
            if written.ends_with(wanted) {
                let from = at + written.len() - wanted.len() + column;
                return Span::new(
                    span.file,
                    from,
                    from + length.min(wanted.len().saturating_sub(column)),
                );
            }
            if same_lines && covered.contains('\n') {
                let indent = written.len() - written.trim_start().len();
                return Span::new(span.file, at + indent, at + written.len());
            }
        }
        at += raw.len();
    }
    span
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
