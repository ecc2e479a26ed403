//! Draws findings the way rustc does.
//!
//! Only draws: order, counting and where it goes are the caller's.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Label, Severity, mask};
use crate::source::{FileId, Sources, Span};

/// Returns a finding as text for a terminal of `width` columns, with ANSI styles.
pub fn render(sources: &Sources, diagnostic: &Diagnostic, width: usize) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group =
        Group::with_title(level.primary_title(diagnostic.title.as_str()).id(diagnostic.code));
    let texts: Vec<(FileId, &str)> = files(diagnostic)
        .into_iter()
        .filter(|file| *file != Sources::BUILTIN)
        .map(|file| (file, sources.text(file)))
        .collect();
    let labels = |file: FileId| {
        let primary = std::iter::once((AnnotationKind::Primary, &diagnostic.primary));
        let related = diagnostic.related.iter().map(|label| (AnnotationKind::Context, label));
        primary.chain(related).filter(move |(_, label)| label.span.file == file)
    };
    // of a long file only the lines around the labels are drawn, and only those need masking
    let windows: Vec<(FileId, &str, &str, Cow<'_, str>)> = texts
        .iter()
        .map(|(file, text)| {
            let ranges = labels(*file).map(|(_, label)| range(text, label.span));
            let (before, window) = window(text, ranges);
            let window = masked(window, before.len(), *file, &diagnostic.hidden);
            // a private key whose first line is hidden is told of by that, and the lines behind it may be anything
            let begun = before.rfind("-----BEGIN ").map(|at| Span::new(*file, at, at + 1));
            let is_told = begun.is_some_and(|begun| {
                let covers = |span: &Span| {
                    span.file == *file && span.start <= begun.start && span.end > begun.start
                };
                diagnostic.hidden.iter().any(covers)
            });
            let head = if is_told { "" } else { before };
            let shown = match window {
                Cow::Borrowed(window) => mask(head, window),
                Cow::Owned(window) => Cow::Owned(mask(head, &window).into_owned()),
            };
            (*file, *text, before, shown)
        })
        .collect();
    for (file, text, before, window) in &windows {
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let mut snippet =
            Snippet::source(window.as_ref()).path(sources.name(*file)).line_start(line).fold(true);
        for (kind, Label { span, text: label }) in labels(*file) {
            let std::ops::Range { start, end } = range(text, *span);
            let range = start - before.len()..end - before.len();
            snippet = snippet.annotation(kind.span(range).label(label.as_str()));
        }
        group = group.element(snippet);
    }
    for Label { span, text } in &diagnostic.related {
        if span.file == Sources::BUILTIN {
            group = group.element(Level::NOTE.message(text.as_str()));
        }
    }
    if diagnostic.primary.span.file == Sources::BUILTIN && !diagnostic.primary.text.is_empty() {
        group = group.element(Level::NOTE.message(diagnostic.primary.text.as_str()));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    Renderer::styled().term_width(width).render(&[group])
}

/// Returns a part of a file, `offset` bytes from its beginning, with stars over what is hidden, as many bytes as
/// before.
fn masked<'t>(text: &'t str, offset: usize, file: FileId, hidden: &[Span]) -> Cow<'t, str> {
    let end = offset + text.len();
    let inside = |span: &&Span| {
        span.file == file && (span.start as usize) < end && span.end as usize > offset
    };
    let mut bytes: Option<Vec<u8>> = None;
    for span in hidden.iter().filter(inside) {
        let within =
            |at: u32| floor(text, Span::new(file, 0, (at as usize).saturating_sub(offset)).end);
        let bytes = bytes.get_or_insert_with(|| text.as_bytes().to_vec());
        for byte in bytes.get_mut(within(span.start)..within(span.end)).unwrap_or_default() {
            if *byte != b'\n' {
                *byte = b'*';
            }
        }
    }
    let masked = bytes.map(|bytes| String::from_utf8(bytes).unwrap_or_default());
    masked.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Returns the files that took part, the primary one first.
fn files(diagnostic: &Diagnostic) -> Vec<FileId> {
    let mut files = vec![diagnostic.primary.span.file];
    for label in &diagnostic.related {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

/// Returns the lines that ranges touch, and what comes before them: drawing takes time for all it is given.
fn window(
    text: &str,
    ranges: impl Iterator<Item = std::ops::Range<usize>> + Clone,
) -> (&str, &str) {
    let start = ranges.clone().map(|range| range.start).min().unwrap_or(0);
    let end = ranges.map(|range| range.end).max().unwrap_or(0);
    let (head, tail) = (text.get(..start).unwrap_or(""), text.get(end..).unwrap_or(""));
    let start = head.rfind('\n').map_or(0, |at| at + 1);
    let end = tail.find('\n').map_or(text.len(), |at| end + at);
    (text.get(..start).unwrap_or(""), text.get(start..end).unwrap_or(""))
}

/// Returns a range that fits the text and does not cut a character: the renderer panics on any other.
/// Of a span over several lines only the first is marked.
fn range(text: &str, span: Span) -> std::ops::Range<usize> {
    let (start, end) = (floor(text, span.start), floor(text, span.end));
    let first_line =
        text.get(start..end).and_then(|covered| covered.split('\n').next()).map_or(0, str::len);
    start..start + first_line
}

/// Returns the start of the character that an offset falls into.
fn floor(text: &str, offset: u32) -> usize {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
