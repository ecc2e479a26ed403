//! The one door to the disk for reading.
//!
//! Everything read is below the workspace, regular, UTF-8 where it is text, and of a size that fits in a head.
//! A link or `..` that leaves the workspace is refused, and so is a named pipe, which would never end.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 16 << 20;

/// Where texts come from: a folder on disk, or memory in tests.
#[derive(Debug)]
pub enum Door {
    /// A workspace on disk, by its canonical path.
    Disk(PathBuf),
    /// Files by their relative path.
    Memory(BTreeMap<String, Vec<u8>>),
}

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing there.
    Missing,
    /// Leads out of the workspace.
    Outside,
    /// Not a regular file.
    NotAFile,
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
            Self::Outside => f.write_str("it leads out of the workspace"),
            Self::NotAFile => f.write_str("not a regular file"),
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
            Self::Disk(root) => read_disk(root, path),
        }
    }

    /// Reads a UTF-8 file; a byte order mark is dropped and CRLF becomes LF.
    pub fn read_text(&self, path: &str) -> Result<String, ReadError> {
        as_text(&self.read(path)?)
    }

    /// Tells whether there is anything at a path.
    pub fn exists(&self, path: &str) -> bool {
        is_inside(path)
            && match self {
                Self::Memory(files) => files.contains_key(path),
                Self::Disk(root) => root.join(path).symlink_metadata().is_ok(),
            }
    }

    /// Returns the names in a folder, sorted; empty where there is no such folder.
    pub fn list(&self, path: &str) -> Result<Vec<String>, ReadError> {
        match self {
            Self::Memory(files) => {
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
            Self::Disk(root) => {
                let entries = match fs::read_dir(root.join(path)) {
                    Ok(entries) => entries,
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                        return Ok(Vec::new());
                    }
                    Err(error) => return Err(ReadError::Failed(error.to_string())),
                };
                let mut names = Vec::new();
                for entry in entries {
                    let entry = entry.map_err(|error| ReadError::Failed(error.to_string()))?;
                    names.push(entry.file_name().to_string_lossy().into_owned());
                }
                names.sort();
                Ok(names)
            }
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

#[expect(clippy::wildcard_enum_match_arm, reason = "the system has many ways to fail")]
fn read_disk(root: &Path, path: &str) -> Result<Vec<u8>, ReadError> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ReadError::Missing,
        _ => ReadError::Failed(error.to_string()),
    };
    let real = root.join(path).canonicalize().map_err(failed)?;
    if !real.starts_with(root) {
        return Err(ReadError::Outside);
    }
    let about = fs::metadata(&real).map_err(failed)?;
    if !about.is_file() {
        return Err(ReadError::NotAFile);
    }
    if about.len() > MAX_FILE {
        return Err(ReadError::TooLarge(about.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0));
    // `take` holds the limit for files that grow while they are read
    fs::File::open(&real)
        .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(ReadError::TooLarge(bytes.len() as u64));
    }
    Ok(bytes)
}
