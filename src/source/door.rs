//! The one door to the disk for reading.
//!
//! Everything read is below the workspace, regular, UTF-8 where it is text, and of a size that fits in a head.
//! A link or `..` that leaves the workspace is refused, and so is a named pipe, which would never end. What is not
//! there is told apart from what cannot be read.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use rustix::io::Errno;

use super::beneath;

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 16 << 20;

/// Where texts come from: a folder on disk, or memory in tests.
#[derive(Debug)]
pub enum Door {
    /// A workspace on disk, by its canonical path.
    Disk(PathBuf),
    /// Files by their relative path.
    Memory(BTreeMap<String, Vec<u8>>),
    /// A workspace on disk as it would be with other texts in some of its files.
    Edited {
        /// Its canonical path.
        root: PathBuf,
        /// The texts by their relative path; each stands for a file that is there.
        texts: BTreeMap<String, Vec<u8>>,
    },
}

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing there.
    Missing,
    /// Nothing there, because the link at this path leads to nothing.
    Nowhere(String),
    /// Leads out of the workspace.
    Outside,
    /// Not a regular file.
    NotAFile,
    NotAFolder,
    /// More than the limit, in bytes.
    TooLarge(u64),
    /// Not UTF-8 from this byte on.
    NotText(usize),
    /// The machine failed.
    Failed(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no such file"),
            Self::Nowhere(link) => write!(f, "the link `{link}` leads to nothing"),
            Self::Outside => f.write_str("it leads out of the workspace"),
            Self::NotAFile => f.write_str("not a regular file"),
            Self::NotAFolder => f.write_str("not a folder"),
            Self::TooLarge(bytes) => write!(f, "{bytes} bytes are more than {MAX_FILE}"),
            Self::NotText(at) => write!(f, "not UTF-8 from byte {at} on"),
            Self::Failed(why) => f.write_str(why),
        }
    }
}

impl Door {
    /// Opens a workspace on disk.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        Ok(Self::Disk(root.canonicalize()?))
    }

    /// Reads a file by its path relative to the workspace.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if !is_inside(path) {
            return Err(ReadError::Outside);
        }
        match self {
            Self::Memory(files) => files.get(path).cloned().ok_or(ReadError::Missing),
            Self::Edited { texts, .. } if let Some(text) = texts.get(path) => Ok(text.clone()),
            Self::Disk(root) | Self::Edited { root, .. } => {
                read_disk(root, path).map_err(|error| match (error, self.broken(path)) {
                    (ReadError::Missing, Some(link)) => ReadError::Nowhere(link),
                    (error, _) => error,
                })
            }
        }
    }

    /// Returns the first link on the way to a file that leads to nothing.
    fn broken(&self, path: &str) -> Option<String> {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        let mut parts = ends.filter_map(|end| path.get(..end));
        parts.find(|part| self.leads_nowhere(part)).map(str::to_owned)
    }

    /// Reads a UTF-8 file; a byte order mark is dropped and CRLF becomes LF.
    pub fn read_text(&self, path: &str) -> Result<String, ReadError> {
        as_text(&self.read(path)?)
    }

    /// Returns whether there is anything at a path, or something that keeps it from being looked at.
    pub fn exists(&self, path: &str) -> bool {
        is_inside(path)
            && match self {
                Self::Memory(files) => files.contains_key(path),
                // what cannot be looked at is no reason to go on without it: reading it says why
                Self::Disk(root) | Self::Edited { root, .. } => {
                    !matches!(beneath::look(root, path), Err(Errno::NOENT | Errno::NOTDIR))
                }
            }
    }

    /// Returns whether a link is at a path that leads to nothing.
    pub fn leads_nowhere(&self, path: &str) -> bool {
        is_inside(path)
            && match self {
                Self::Memory(_) => false,
                Self::Disk(root) | Self::Edited { root, .. } => beneath::leads_nowhere(root, path),
            }
    }

    /// Returns the names in a folder, sorted; empty where there is no such folder, an error where it cannot be read.
    pub fn list(&self, path: &str) -> Result<Vec<String>, ReadError> {
        if !is_inside(path) {
            return Err(ReadError::Outside);
        }
        match self {
            Self::Memory(files) => {
                if files.contains_key(path) {
                    return Err(ReadError::NotAFolder);
                }
                let prefix = format!("{path}/");
                let mut names: Vec<String> = files
                    .keys()
                    .filter_map(|file| {
                        file.strip_prefix(&prefix)?.split('/').next().map(str::to_owned)
                    })
                    .collect();
                names.dedup();
                Ok(names)
            }
            Self::Disk(root) | Self::Edited { root, .. } => match beneath::names(root, path) {
                Ok(names) => {
                    let names = names.iter().map(|name| name.to_string_lossy().into_owned());
                    let mut names: Vec<String> = names.collect();
                    names.sort();
                    Ok(names)
                }
                Err(Errno::NOENT) => Ok(Vec::new()),
                Err(Errno::NOTDIR) => Err(ReadError::NotAFolder),
                Err(error) => Err(failed(error)),
            },
        }
    }
}

/// Returns bytes as text; a byte order mark is dropped and CRLF becomes LF.
pub fn as_text(bytes: &[u8]) -> Result<String, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|e| ReadError::NotText(e.valid_up_to()))?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n"))
}

fn is_inside(path: &str) -> bool {
    !path.contains('\0')
        && Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

fn read_disk(root: &Path, path: &str) -> Result<Vec<u8>, ReadError> {
    let file = File::from(beneath::file(root, path).map_err(failed)?);
    let lost = |error: std::io::Error| ReadError::Failed(error.to_string());
    // what is asked is the file that is open, whatever stands at its path by now
    let about = file.metadata().map_err(lost)?;
    if !about.is_file() {
        return Err(ReadError::NotAFile);
    }
    if about.len() > MAX_FILE {
        return Err(ReadError::TooLarge(about.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0));
    // `take` holds the limit for files that grow while they are read
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(lost)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(ReadError::TooLarge(bytes.len() as u64));
    }
    Ok(bytes)
}

fn failed(error: Errno) -> ReadError {
    match error {
        Errno::NOENT | Errno::NOTDIR => ReadError::Missing,
        Errno::XDEV => ReadError::Outside,
        // a socket
        Errno::NXIO => ReadError::NotAFile,
        error => ReadError::Failed(std::io::Error::from(error).to_string()),
    }
}
