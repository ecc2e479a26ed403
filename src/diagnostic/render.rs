//! Draws findings the way rustc does.
//!
//! Only draws: order, counting and where it goes are the caller's.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::copied;
use super::window::{Window, floor};
use super::{Diagnostic, Label, SecretKind, Severity, secrets};
use crate::source::{FileId, Sources, Span};

/// Returns findings, each as text for a terminal of `width` columns, with ANSI styles.
///
/// Every file is looked through for secrets once, however many findings it has.
pub fn render<'d>(
    sources: &Sources,
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    width: usize,
) -> Vec<String> {
    let mut files = BTreeMap::new();
    diagnostics.into_iter().map(|diagnostic| draw(sources, diagnostic, width, &mut files)).collect()
}

fn draw(
    sources: &Sources,
    diagnostic: &Diagnostic,
    width: usize,
    secrets: &mut BTreeMap<FileId, Secrets>,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group =
        Group::with_title(level.primary_title(diagnostic.title.as_str()).id(diagnostic.code));
    let labels = |file: FileId| {
        let primary = std::iter::once((AnnotationKind::Primary, &diagnostic.primary));
        let related = diagnostic.related.iter().map(|label| (AnnotationKind::Context, label));
        primary.chain(related).filter(move |(_, label)| label.span.file == file)
    };
    let mut windows: Vec<(FileId, Window)> = Vec::new();
    for file in files(diagnostic) {
        let text = sources.text(file);
        let Some(lines) = sources.lines(file).filter(|_| file != Sources::BUILTIN) else {
            continue;
        };
        let secrets = secrets.entry(file).or_insert_with(|| Secrets::new(text));
        let hidden: Vec<Range<usize>> = diagnostic
            .hidden
            .iter()
            .filter(|span| span.file == file)
            .map(|span| span.start as usize..span.end as usize)
            .collect();
        let marks = labels(file).map(|(_, label)| range(text, label.span)).collect();
        let shown = |part| secrets.shown(text, part, &hidden);
        windows.push((file, Window::new(text, lines, marks, width, shown)));
    }
    for (file, window) in &windows {
        let path = window.path(sources.name(*file));
        let mut snippet =
            Snippet::source(window.text.as_str()).path(path).line_start(window.line).fold(true);
        for (kind, Label { span, text: label }) in labels(*file) {
            let place = window.place(range(sources.text(*file), *span));
            snippet = snippet.annotation(kind.span(place).label(label.as_str()));
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
    if let Some(help) = copied::help(diagnostic, sources) {
        group = group.element(Level::HELP.message(help));
    }
    let drawn = Renderer::styled().term_width(width).render(&[group]);
    windows.iter().fold(drawn, |drawn, (_, window)| window.with_columns(drawn))
}

/// What may be a secret in a file.
struct Secrets {
    /// Values, none of which overlap.
    values: Vec<Range<usize>>,
    /// Private keys: the line that begins each, and all behind it.
    keys: Vec<(Range<usize>, Range<usize>)>,
}

impl Secrets {
    fn new(text: &str) -> Self {
        let mut found = Self { values: Vec::new(), keys: Vec::new() };
        for secret in secrets(text) {
            if secret.kind == SecretKind::PrivateKey {
                found.keys.push((secret.range, secret.hidden));
                continue;
            }
            match found.values.last_mut() {
                Some(last) if secret.hidden.start < last.end => {
                    last.end = last.end.max(secret.hidden.end);
                }
                _ => found.values.push(secret.hidden),
            }
        }
        found
    }

    /// Returns a part of the file with stars over what is a secret or `hidden`, as many bytes as before.
    fn shown(&self, text: &str, part: Range<usize>, hidden: &[Range<usize>]) -> String {
        let mut bytes = text.as_bytes().get(part.clone()).unwrap_or_default().to_vec();
        // a private key whose first line is hidden is told of by that, and the lines behind it may be anything
        let is_told = |begin: &Range<usize>| {
            hidden.iter().any(|span| span.start <= begin.start && span.end > begin.start)
        };
        let first = self.values.partition_point(|value| value.end <= part.start);
        let values = self.values.iter().skip(first).take_while(|value| value.start < part.end);
        let keys = self.keys.iter().filter(|(begin, _)| !is_told(begin)).map(|(_, key)| key);
        for range in values.chain(keys).chain(hidden) {
            let within = |at: usize| floor(text, at.clamp(part.start, part.end)) - part.start;
            for byte in bytes.get_mut(within(range.start)..within(range.end)).unwrap_or_default() {
                if *byte != b'\n' {
                    *byte = b'*';
                }
            }
        }
        String::from_utf8(bytes).unwrap_or_default()
    }
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
fn range(text: &str, span: Span) -> Range<usize> {
    let (start, end) = (floor(text, span.start as usize), floor(text, span.end as usize));
    let covered = text.get(start..end).unwrap_or_default();
    start..start + covered.find('\n').unwrap_or(covered.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws one finding of a text, marked at two parts of it, without colour.
    fn drawn(text: &str, primary: &str, related: &str) -> String {
        let mut sources = Sources::new();
        let file = sources.add("f", text);
        let span = |part: &str| {
            let at = text.rfind(part).expect("is there");
            Span::new(file, at, at + part.len())
        };
        let finding = Diagnostic::error("a-code", span(primary), "wrong", "here")
            .related(span(related), "and here");
        let drawn = render(&sources, [&finding], 100).concat();
        anstream::adapter::strip_str(&drawn).to_string()
    }

    #[test]
    fn of_a_long_line_only_what_is_around_the_labels_is_drawn() {
        let filler = "ä ".repeat(5_000);
        let text =
            format!("first\nold: 1 {filler}password: {}hunter2 {filler}new: 2", "x".repeat(5_000));
        let found = drawn(&text, "new", "old");
        let line = text.lines().last().expect("there is one");
        let column = line.split("new").next().expect("is there").chars().count() + 1;
        assert!(found.contains(&format!("--> f:2:{column}\n")), "{found}");
        assert!(found.contains("^^^ here") && found.contains("and here"), "{found}");
        assert!(found.len() < 2_000, "{found}");
        // what is left out says still what the rest is
        let found = drawn(&text, "hunter2", "first");
        assert!(found.contains("****") && !found.contains("hunter2"), "{found}");
    }

    #[test]
    fn a_private_key_that_began_before_is_hidden() {
        let text = "-----BEGIN PRIVATE KEY-----\nab\ncd\n-----END PRIVATE KEY-----\nef\n";
        let found = drawn(text, "cd", "ef");
        assert!(found.contains("3 | **\n") && found.contains("5 | ef\n"), "{found}");
    }
}
