//! Texts, and places in them.
//!
//! A `Span` is a byte range of one file; `Spanned<T>` is a value that remembers where it was written, through
//! inheritance and templating, so that a message can point into the parent's file.

use std::sync::OnceLock;

use super::lines::Lines;

/// Names one text of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the span from `start` to `end`, in bytes.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }
}

/// A value and the place it was written at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spanned<T> {
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Returns `value` as written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// Returns the same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }
}

/// What the names of shipped profiles begin with: no path of a workspace does.
pub const SHIPPED: &str = "shipped:";

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file of the workspace; its name is relative to it.
    Workspace,
    /// A profile that cfgbuild brings along; its name begins with [`SHIPPED`].
    Shipped,
    /// Another file; its name is as given on the command line.
    Outside,
    /// No file: cfgbuild itself, an argument, the environment.
    NoFile,
}

/// One text, as read.
#[derive(Debug)]
struct File {
    name: String,
    text: String,
    /// Read when a place is first asked for.
    lines: OnceLock<Lines>,
    origin: Origin,
}

/// All texts of a run, so that places can be shown.
#[derive(Debug)]
pub struct Sources {
    files: Vec<File>,
}

impl Default for Sources {
    fn default() -> Self {
        Self::new()
    }
}

impl Sources {
    /// Returns the texts of a run that has read nothing: only [`Sources::BUILTIN`].
    pub fn new() -> Self {
        let mut sources = Self { files: Vec::new() };
        sources.add_from(Origin::NoFile, "cfgbuild's own defaults", "");
        sources
    }

    /// The place of what no file says: values cfgbuild itself generates.
    pub const BUILTIN: FileId = FileId(0);

    /// The span of what no file says.
    pub const NOWHERE: Span = Span { file: Self::BUILTIN, start: 0, end: 0 };

    /// Adds a file of the workspace under the name shown to the user, and returns its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        self.add_from(Origin::Workspace, name, text)
    }

    /// Adds a text that comes from elsewhere.
    pub fn add_from(
        &mut self,
        origin: Origin,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let lines = OnceLock::new();
        self.files.push(File { name: name.into(), text: text.into(), lines, origin });
        id
    }

    /// Blanks out what must never be shown, byte by byte, so that places stay where they are.
    pub fn hide(&mut self, span: Span) {
        let Some(file) = self.files.get_mut(span.file.0 as usize) else { return };
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(hidden) = file.text.get(start..end) else { return };
        let blank: String =
            hidden.bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }).collect();
        // as long as before, so that no byte behind it moves, however many are hidden
        file.text.replace_range(start..end, &blank);
        file.lines = OnceLock::new();
    }

    /// Returns the first file of the workspace, or of the shipped profiles, with this name.
    pub fn find(&self, name: &str) -> Option<FileId> {
        let is_profile = |file: &File| matches!(file.origin, Origin::Workspace | Origin::Shipped);
        let found = |file: &File| is_profile(file) && file.name == name;
        let at = self.files.iter().position(found)?;
        Some(FileId(u32::try_from(at).unwrap_or(u32::MAX)))
    }

    /// Returns where a text comes from.
    pub fn origin(&self, id: FileId) -> Origin {
        self.files.get(id.0 as usize).map_or(Origin::NoFile, |file| file.origin)
    }

    /// Returns the name of a file as shown to the user: relative to the workspace, with `/`.
    pub fn name(&self, id: FileId) -> &str {
        self.files.get(id.0 as usize).map_or("", |file| file.name.as_str())
    }

    /// Returns the text of a file.
    pub fn text(&self, id: FileId) -> &str {
        self.files.get(id.0 as usize).map_or("", |file| file.text.as_str())
    }

    /// Returns the text a span covers; empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Returns line and column (both from 1, the column in characters) of the start of a span.
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        self.position(span.file, span.start)
    }

    /// Returns line and column of a byte of a text, as [`Sources::line_column`] does.
    pub fn position(&self, file: FileId, offset: u32) -> (usize, usize) {
        let text = self.text(file);
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let Some(lines) = self.lines(file) else { return (1, 1) };
        let line = lines.of(offset);
        let before = |offset| lines.characters_before(offset, text);
        (line + 1, before(offset) - before(lines.start(line, text)) + 1)
    }

    /// Returns the lines of a file.
    pub fn lines(&self, id: FileId) -> Option<&Lines> {
        let file = self.files.get(id.0 as usize)?;
        Some(file.lines.get_or_init(|| Lines::new(&file.text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let mut sources = Sources::new();
        let file = sources.add("a", "ä: 1\nöö: x\n");
        let at = sources.text(file).find('x').expect("is there");
        assert_eq!(sources.line_column(Span::new(file, at, at + 1)), (2, 5));
        assert_eq!(sources.line_column(Span::new(file, 999, 999)), (3, 1));
        sources.hide(Span::new(file, 0, 4));
        assert_eq!(sources.text(file), "****1\nöö: x\n");
    }
}
