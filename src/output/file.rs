//! One file of the user's that a command was asked to write: as a whole, or not at all.
//!
//! Output trees are `write`'s business.

#![allow(clippy::disallowed_methods, reason = "writing is what it is for")]

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Mode of a new file, less what the umask takes.
const NEW: u32 = 0o666;

/// Makes `path` hold `bytes`; a file that is there keeps its mode, and a link to one stays a link.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = || format!("cannot write `{}`", path.display());
    let there = fs::canonicalize(path);
    let target = there.as_deref().unwrap_or(path);
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
    file.persist(target).map_err(|error| error.error).with_context(failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

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
