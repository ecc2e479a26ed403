//! Files of the workspace, each read through the door and remembered.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::source::{Door, FileId, ReadError, Span, as_text, odd_character};

/// Reads files, and remembers what it read.
pub(super) struct Files<'a> {
    pub(super) door: &'a Door,
    /// Every file read so far: path and bytes.
    pub(super) inputs: BTreeMap<String, Vec<u8>>,
}

impl Files<'_> {
    /// Reads a text.
    pub(super) fn text(&mut self, path: &str) -> Result<String, ReadError> {
        let bytes = self.door.read(path)?;
        let text = as_text(&bytes)?;
        self.inputs.insert(path.to_owned(), bytes);
        Ok(text)
    }

    /// Reads bytes.
    pub(super) fn read(&mut self, path: &str) -> Result<Vec<u8>, ReadError> {
        let bytes = self.door.read(path)?;
        self.inputs.insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

/// Returns why a file that is needed at a place cannot be read.
pub(super) fn unreadable(path: &str, at: Span, error: &ReadError) -> Diagnostic {
    let found = Diagnostic::error(
        "file-unreadable",
        at,
        format!("cannot read `{path}`: {error}"),
        "needed here",
    );
    match error {
        ReadError::Missing => found.help(format!("write `{path}`, or correct the name")),
        ReadError::Outside => found
            .help("copy the file into the workspace: a build must not depend on what is outside"),
        ReadError::NotAFile => found.help("put a plain file there"),
        ReadError::NotAFolder => found.help("put a folder there, or rename the file"),
        ReadError::TooLarge(_) => {
            found.help("let the machine fetch large contents at boot instead of carrying them")
        }
        ReadError::NotText(_) => found.help("save it as UTF-8"),
        ReadError::Failed(_) => found,
    }
}

/// Returns what is wrong with a text that has just been read: `file` is its own.
pub(super) fn odd(path: &str, file: FileId, text: &str) -> Option<Diagnostic> {
    let (at, c) = odd_character(text)?;
    let span = Span::new(file, at, at + c.len_utf8());
    let title = format!("character U+{:04X} in `{path}`", u32::from(c));
    let found =
        Diagnostic::error("control-character", span, title, "no configuration file can hold it");
    Some(found.help(if c == '\r' {
        "remove it: lines end in a line feed, or in a carriage return with a line feed"
    } else {
        "remove it; a file may hold any bytes with `local` where it is no template"
    }))
}
