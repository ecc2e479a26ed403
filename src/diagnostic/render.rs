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
    let texts: Vec<(FileId, Cow<'_, str>)> =
        files(diagnostic).into_iter().map(|file| (file, mask(sources.text(file)))).collect();
    for (file, text) in &texts {
        let (file, text) = (*file, &**text);
        if file == Sources::BUILTIN {
            continue;
        }
        let mut snippet = Snippet::source(text).path(sources.name(file)).line_start(1).fold(true);
        if diagnostic.primary.span.file == file {
            let label = diagnostic.primary.text.as_str();
            snippet = snippet.annotation(
                AnnotationKind::Primary.span(range(text, diagnostic.primary.span)).label(label),
            );
        }
        for Label { span, text: label } in
            diagnostic.related.iter().filter(|label| label.span.file == file)
        {
            snippet = snippet
                .annotation(AnnotationKind::Context.span(range(text, *span)).label(label.as_str()));
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

/// Returns a range that fits the text and does not cut a character: the renderer panics on any other.
/// Of a span over several lines only the first is marked.
fn range(text: &str, span: Span) -> std::ops::Range<usize> {
    let floor = |offset: u32| {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let (start, end) = (floor(span.start), floor(span.end));
    let first_line =
        text.get(start..end).and_then(|covered| covered.split('\n').next()).map_or(0, str::len);
    start..start + first_line
}
