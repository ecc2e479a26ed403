//! Edits of raw units: what is to become of them, as changes of the unit's text.

use std::ops::Range;

use super::run::Run;
use super::syntax::Assignment;
use super::unit::{Command, RawUnit};
use crate::source::{Edit, Sources, Span};

impl RawUnit<'_> {
    /// Returns the edit that writes `new` for a part of a file.
    pub fn replace(
        &self,
        sources: &Sources,
        file: usize,
        range: &Range<usize>,
        new: impl Into<String>,
    ) -> Edit {
        Edit::replace(self.span(sources, file, range), self.written(file, range), new)
    }

    /// Returns the edit that gives an option another value.
    pub fn set_option(
        &self,
        sources: &Sources,
        file: usize,
        option: &Assignment,
        new: impl Into<String>,
    ) -> Edit {
        let value = option.value.place(0..option.value.text.len());
        self.replace(sources, file, &value, new)
    }

    /// Returns the edit that removes an option.
    pub fn drop_option(&self, sources: &Sources, file: usize, option: &Assignment) -> Edit {
        let range = self.extent(file, &option.key_at);
        Edit::drop_lines(self.lines(sources, file, &range), self.written(file, &range))
    }

    /// Returns the edit that removes the line of a command.
    pub fn drop_command(&self, sources: &Sources, command: &Command) -> Edit {
        let range = self.extent(command.file, &command.key_at);
        Edit::drop_lines(
            self.lines(sources, command.file, &range),
            self.written(command.file, &range),
        )
    }

    /// Returns the edit that adds options to a section of the unit, which is made at its end where there is none.
    pub fn add_options(&self, sources: &Sources, section: &str, lines: &str) -> Edit {
        if let Some((file, header)) = self.section(section) {
            let at = self.span(sources, file, &header.at);
            return Edit::below(at, self.written(file, &header.at), lines);
        }
        let range = self.end(0);
        let lines = format!("\n[{section}]\n{lines}");
        Edit::below(self.lines(sources, 0, &range), self.written(0, &range), lines)
    }

    /// Returns the edit that adds lines above a part of a file.
    pub fn add_above(
        &self,
        sources: &Sources,
        file: usize,
        range: &Range<usize>,
        lines: &str,
    ) -> Edit {
        Edit::above(self.span(sources, file, range), self.written(file, range), lines)
    }

    /// Returns the edit that removes a section with all its options.
    pub fn drop_section(&self, sources: &Sources, file: usize, at: &Range<usize>) -> Edit {
        let Some(parsed) = self.files.get(file).map(|file| &file.file) else {
            return Edit::drop_lines(self.spec.name.span, "");
        };
        let next = parsed.sections.iter().map(|section| section.at.start);
        let next = next.filter(|start| *start > at.start).min().unwrap_or(usize::MAX);
        let options = parsed.options.iter().map(|option| self.extent(file, &option.key_at));
        let last = options.filter(|range| range.start > at.start && range.start < next);
        let range = at.start..last.map(|range| range.end).max().unwrap_or(at.end);
        Edit::drop_lines(self.lines(sources, file, &range), self.written(file, &range))
    }

    /// Returns the edit that makes the line before a place end in its backslash.
    pub fn join(&self, sources: &Sources, file: usize, at: usize) -> Edit {
        let before = self.written(file, &(0..at)).trim_end_matches([' ', '\t']);
        let end = before.trim_end_matches('\n').len();
        let start = before.trim_end().trim_end_matches('\\').len();
        let line = self.written(file, &(start..end));
        self.replace(sources, file, &(start..end), line.trim_end())
    }

    /// Returns where an option is, from its key to the end of its value.
    fn extent(&self, file: usize, key: &Range<usize>) -> Range<usize> {
        let options = self.files.get(file).map_or(&[][..], |file| &file.file.options);
        // in the order they are written
        let at = options.partition_point(|option| option.key_at.start < key.start);
        let found = options.get(at).filter(|option| option.key_at == *key);
        let value = found.map(|option| option.value.place(0..option.value.text.len()));
        key.start..value.map_or(key.end, |value| value.end.max(key.end))
    }

    /// Returns the last option or header of a file.
    fn end(&self, file: usize) -> Range<usize> {
        let Some(parsed) = self.files.get(file).map(|file| &file.file) else { return 0..0 };
        let options = parsed.options.iter().map(|option| self.extent(file, &option.key_at));
        let headers = parsed.sections.iter().map(|section| section.at.clone());
        options.chain(headers).max_by_key(|range| range.end).unwrap_or(0..0)
    }

    /// Returns the place of a range of several lines.
    fn lines(&self, sources: &Sources, file: usize, range: &Range<usize>) -> Span {
        let written = self.written(file, range);
        let last = written.rfind('\n').map_or(range.start, |end| range.start + end + 1);
        let first = self.span(sources, file, range);
        if last == range.start {
            return first;
        }
        let indent =
            range.end - last - written.rsplit('\n').next().map_or(0, |l| l.trim_start().len());
        Span { end: self.span(sources, file, &(last + indent..range.end)).end, ..first }
    }

    fn written(&self, file: usize, range: &Range<usize>) -> &str {
        self.files.get(file).and_then(|file| file.text.get(range.clone())).unwrap_or("")
    }
}

impl Run<'_> {
    /// Returns the edit that adds flags to the `run`.
    pub fn add_flags(&self, sources: &Sources, flags: &str) -> Edit {
        let verb = &self.call.verb;
        let new = format!("{} {flags}", verb.text);
        Edit::replace(self.span(sources, &verb.at), verb.text.as_str(), new)
    }

    /// Returns the edit that writes `new` for a part of the command.
    pub fn replace(&self, sources: &Sources, range: &Range<usize>, new: impl Into<String>) -> Edit {
        self.unit.replace(sources, self.command.file, range, new)
    }
}
