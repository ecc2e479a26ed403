//! A text put together from pieces of a file, with the way back: findings in it are told at the pieces.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Locator, Sources, Span};

/// A text that was put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Mapped {
    pub(super) text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
struct Piece {
    /// Where it begins in the text.
    from: usize,
    /// What it says, and where that is written.
    text: String,
    span: Span,
    /// Read when a place in it is first asked for.
    places: OnceCell<Locator>,
}

impl Mapped {
    /// Appends a piece that is written at `span`.
    pub(super) fn push(&mut self, text: &str, span: Span) {
        let (from, places) = (self.text.len(), OnceCell::new());
        self.pieces.push(Piece { from, text: text.to_owned(), span, places });
        self.text.push_str(text);
    }

    /// Returns the piece that a byte of the text is in.
    fn piece(&self, offset: usize) -> Option<&Piece> {
        let behind = self.pieces.partition_point(|piece| piece.from <= offset);
        self.pieces.get(behind.checked_sub(1)?)
    }

    /// Returns where a stretch of one piece is written; `None` where one line of the file holds many of the text.
    fn stretch(&self, sources: &Sources, start: usize, end: usize) -> Option<Span> {
        let Piece { from, text, span, places } = self.piece(start)?;
        let (start, end) = (start - from, end.min(from + text.len()).checked_sub(*from)?);
        if start >= text.len() {
            return None;
        }
        let written = sources.slice(*span);
        if written.starts_with('"') {
            if text.trim_end_matches('\n').contains('\n') {
                return None;
            }
            let inner = written.get(1..)?;
            let at = span.start as usize + 1;
            let (start, end) = (escaped(inner, start)?, escaped(inner, end)?);
            return Some(Span::new(span.file, at + start, at + end));
        }
        let places = places.get_or_init(|| Locator::new(sources, *span, text));
        let found = places.place(start, end - start);
        (found != *span || end - start == text.len()).then_some(found)
    }

    /// Returns where a part of the text is written, which may go over several pieces.
    fn place(&self, sources: &Sources, part: Span) -> Option<Span> {
        let (start, end) = (part.start as usize, part.end as usize);
        if start == self.text.len() {
            let span = self.pieces.last()?.span;
            return Some(Span { start: span.end, ..span });
        }
        let first = self.stretch(sources, start, end)?;
        let last = self.piece(end.saturating_sub(1));
        match last.filter(|last| last.from > start) {
            Some(last) => {
                let last = self.stretch(sources, last.from, end)?;
                let fits = last.file == first.file && last.end > first.start;
                Some(if fits { Span { end: last.end, ..first } } else { first })
            }
            None => Some(first),
        }
    }

    /// Tells the findings of the text, which is `file`, at its pieces.
    pub(super) fn tell(
        &self,
        file: FileId,
        found: Diagnostics,
        sources: &Sources,
        diags: &mut Diagnostics,
    ) {
        let place = |span: Span| {
            if span.file == file { self.place(sources, span).unwrap_or(span) } else { span }
        };
        for mut finding in found.into_findings() {
            let Diagnostic { primary, related, edits, hidden, .. } = &mut finding;
            primary.span = place(primary.span);
            for label in related.iter_mut() {
                label.span = place(label.span);
            }
            for span in Arc::make_mut(hidden).iter_mut() {
                *span = place(*span);
            }
            let moved = edits.drain(..).map(|edit| {
                let at = place(edit.place());
                edit.moved(at)
            });
            *edits = moved.collect::<Option<Vec<_>>>().unwrap_or_default();
            diags.report(finding);
        }
    }
}

/// Returns how many bytes of a JSON string stand before a byte of what it says.
fn escaped(written: &str, offset: usize) -> Option<usize> {
    let (mut read, mut said) = (0, 0);
    let mut rest = written.chars();
    while said < offset {
        let c = rest.next()?;
        read += c.len_utf8();
        if c != '\\' {
            said += c.len_utf8();
            continue;
        }
        let kind = rest.next()?;
        read += kind.len_utf8();
        if kind != 'u' {
            said += 1;
            continue;
        }
        let digits: String = rest.by_ref().take(4).collect();
        read += digits.len();
        let code = u32::from_str_radix(&digits, 16).ok()?;
        // of a pair of surrogates the first half stands for all
        said += match code {
            0xD800..=0xDBFF => 4,
            0xDC00..=0xDFFF => 0,
            code => char::from_u32(code)?.len_utf8(),
        };
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_back() {
        let json = "[\"a: \\\"é\\n\", {\"Ref\": \"B\"}, \"c\\u00e9d\\n\"]";
        let mut sources = Sources::new();
        let file = sources.add("t", json);
        let at = |text: &str| {
            let start = json.find(text).expect("is there");
            Span::new(file, start, start + text.len())
        };
        let mut mapped = Mapped::default();
        mapped.push("a: \"é\n", at("\"a: \\\"é\\n\""));
        mapped.push("${B}", at("\"B\""));
        mapped.push("céd\n", at("\"c\\u00e9d\\n\""));
        for (part, written) in [
            ("a: ", "a: "),
            ("\"é", "\\\"é"),
            ("d\n", "d\\n"),
            ("a: \"é\n${B}c", "a: \\\"é\\n\", {\"Ref\": \"B\"}, \"c"),
        ] {
            let start = mapped.text.find(part).expect("is there");
            let span = mapped.place(&sources, Span::new(file, start, start + part.len()));
            let found = span.map(|span| sources.slice(span));
            assert_eq!(found, Some(written), "{part}");
        }
    }
}
