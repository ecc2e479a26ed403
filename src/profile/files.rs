//! Files of the workspace and of the shipped profiles, each read once and remembered.

use std::collections::BTreeMap;

use super::shipped;
use crate::diagnostic::Diagnostic;
use crate::source::{Door, FileId, Origin, ReadError, Sources, Span, as_text, odd_character};

/// Reads files, and remembers what it read.
pub(super) struct Files<'a> {
    door: &'a Door,
    /// Every file read so far: path and bytes.
    inputs: BTreeMap<String, Vec<u8>>,
}

impl<'a> Files<'a> {
    /// Returns the files behind a door, none of which has been read.
    pub(super) fn new(door: &'a Door) -> Self {
        Self { door, inputs: BTreeMap::new() }
    }

    /// Returns every file read so far: path and bytes.
    pub(super) fn inputs(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.inputs
    }

    /// Returns whether there is anything at a path of the workspace.
    pub(super) fn exists(&self, path: &str) -> bool {
        self.door.exists(path)
    }

    /// Returns whether a link is at a path of the workspace that leads to nothing.
    pub(super) fn leads_nowhere(&self, path: &str) -> bool {
        self.door.leads_nowhere(path)
    }

    /// Returns the names in a folder, sorted; empty where there is no such folder.
    pub(super) fn list(&self, folder: &str) -> Result<Vec<String>, ReadError> {
        match shipped::path(folder) {
            Some(folder) => Ok(shipped::list(folder)),
            None => self.door.list(folder),
        }
    }

    pub(super) fn text(&mut self, path: &str) -> Result<String, ReadError> {
        as_text(&self.read(path)?)
    }

    /// Reads bytes.
    pub(super) fn read(&mut self, path: &str) -> Result<Vec<u8>, ReadError> {
        let bytes = match shipped::path(path) {
            Some(path) => shipped::read(path).ok_or(ReadError::Missing)?.to_vec(),
            None => self.door.read(path)?,
        };
        self.inputs.insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

/// Adds a text to what places can be shown in, and returns its id.
pub(super) fn add(path: &str, text: &str, sources: &mut Sources) -> FileId {
    let is_shipped = shipped::path(path).is_some();
    let origin = if is_shipped { Origin::Shipped } else { Origin::Workspace };
    sources.add_from(origin, path, text)
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
        ReadError::Nowhere(link) => {
            found.help(format!("let `{link}` lead to what is there, or remove it"))
        }
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
