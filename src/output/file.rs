//! One file of the user's that a command was asked to write: as a whole, or not at all.
//!
//! Output trees are `write`'s business.

#![allow(clippy::disallowed_methods, reason = "writing is what it is for")]

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tempfile::NamedTempFile;

/// Mode of a new file, less what the umask takes.
const NEW: u32 = 0o666;

/// Makes `path` hold `bytes`; a file that is there keeps its mode, and a link to one stays a link.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    replace_all(&[(path.to_owned(), bytes)])
}

/// Makes every path hold its bytes, as [`replace`] does: all of them, or none where one cannot be written.
pub fn replace_all(files: &[(PathBuf, &[u8])]) -> Result<()> {
    let staged: Vec<Staged> =
        files.iter().map(|(path, bytes)| stage(path, bytes)).collect::<Result<_>>()?;
    let mut done: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    for Staged { file, target, old } in staged {
        if let Err(error) = file.persist(&target) {
            // each is a whole text again, as it was before
            for (path, old) in done.into_iter().rev() {
                let undone = match old {
                    Some(bytes) => fs::write(&path, bytes),
                    None => fs::remove_file(&path),
                };
                undone.with_context(|| format!("cannot write `{}` as it was", path.display()))?;
            }
            let failed = format!("cannot write `{}`", target.display());
            return Err(error.error).context(failed);
        }
        done.push((target, old));
    }
    Ok(())
}

/// A text beside the file that it will be.
struct Staged {
    file: NamedTempFile,
    target: PathBuf,
    old: Option<Vec<u8>>,
}

fn stage(path: &Path, bytes: &[u8]) -> Result<Staged> {
    let failed = || format!("cannot write `{}`", path.display());
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let target = target.as_path();
    let folder =
        target.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".cfgbuild-")
        .permissions(Permissions::from_mode(NEW))
        .tempfile_in(folder)
        .with_context(failed)?;
    if let Ok(old) = fs::metadata(target) {
        file.as_file().set_permissions(old.permissions()).with_context(failed)?;
    }
    file.write_all(bytes).with_context(failed)?;
    // what the user wrote cannot be compiled again: it is on the disk before its name points to it
    file.as_file().sync_all().with_context(failed)?;
    Ok(Staged { file, target: target.to_owned(), old: fs::read(target).ok() })
}

/// Writes a new file with the folders it is in, and returns whether it did: one that is there, whatever it is, stays.
///
/// `mode` is what it gets less what the umask takes.
pub fn create(path: &Path, bytes: &[u8], mode: u32) -> Result<bool> {
    let failed = || format!("cannot write `{}`", path.display());
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    if fs::symlink_metadata(path).is_ok() {
        return Ok(false);
    }
    fs::create_dir_all(folder).with_context(failed)?;
    let mut file = tempfile::Builder::new()
        .prefix(".cfgbuild-")
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)
        .with_context(failed)?;
    file.write_all(bytes).with_context(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error).with_context(failed),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn creates_what_is_not_there_and_nothing_else() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let path = dir.path().join("a/b");
        assert!(create(&path, b"1", 0o666).expect("writable"));
        assert!(!create(&path, b"2", 0o666).expect("is there"));
        assert_eq!(fs::read(&path).expect("is there"), b"1");
        symlink("nowhere", dir.path().join("link")).expect("writable");
        assert!(!create(&dir.path().join("link"), b"2", 0o666).expect("is there"));
        let error = format!("{:#}", create(&path.join("c"), b"", 0o666).expect_err("no folder"));
        assert!(error.contains("cannot write `"), "{error}");
    }

    #[test]
    fn replaces_all_or_none() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let path = |name: &str| dir.path().join(name);
        for name in ["a", "b"] {
            fs::write(path(name), "old").expect("writable");
        }
        replace_all(&[(path("a"), b"new"), (path("b"), b"new")]).expect("writable");
        // a folder where a file should be is found out when everything else is done
        fs::create_dir_all(path("c/d")).expect("writable");
        let files: [(PathBuf, &[u8]); 3] =
            [(path("a"), b"newer"), (path("n"), b"newer"), (path("c"), b"newer")];
        replace_all(&files).expect_err("a folder is no file");
        for name in ["a", "b"] {
            assert_eq!(fs::read(path(name)).expect("is there"), b"new", "{name}");
        }
        assert!(!path("n").exists());
        assert_eq!(
            fs::read_dir(dir.path()).expect("is there").count(),
            3,
            "nothing is left behind"
        );
    }

    #[test]
    fn keeps_mode_and_links_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        replace(&real, b"1").expect("writable");
        fs::set_permissions(&real, Permissions::from_mode(0o640)).expect("own file");
        symlink("real", &link).expect("writable");
        replace(&link, b"2").expect("writable");
        assert_eq!(fs::read(&real).expect("is there"), b"2");
        assert!(fs::symlink_metadata(&link).expect("is there").is_symlink());
        assert_eq!(fs::metadata(&real).expect("is there").permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(dir.path()).expect("is there").count(), 2);
        let error =
            format!("{:#}", replace(&dir.path().join("no/file"), b"").expect_err("no folder"));
        assert!(error.contains("cannot write `") && error.contains("no/file"), "{error}");
    }
}
