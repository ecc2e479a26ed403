//! Opens files and folders below a root, whoever moves links on the way meanwhile.
//!
//! Looking and opening are one step, so that nothing can be put in between: `openat2(2)` with `RESOLVE_BENEATH`, as
//! Linux 5.6 and later have it. Where that says no (older kernels, other systems, links with an absolute target), each
//! part of the path is opened by itself without following links, and links are followed by hand.

use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, Dir, Mode, OFlags};
use rustix::io::Errno;

/// Most links on one path, as Linux has it.
const MAX_LINKS: usize = 40;

/// Opens only what is needed to go on from a folder: a folder may be passed through that cannot be listed.
#[cfg(target_os = "linux")]
const THROUGH: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
#[cfg(not(target_os = "linux"))]
const THROUGH: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// A named pipe without a writer must not stop the one who opens it.
const FILE: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// Opens what is at `path`, a relative one, to be read; `EXDEV` where it leads out of the root.
pub(super) fn file(root: &Path, path: &str) -> Result<OwnedFd, Errno> {
    open(root, path, FILE)
}

/// Returns the names in the folder at `path`, as the system has them.
pub(super) fn names(root: &Path, path: &str) -> Result<Vec<OsString>, Errno> {
    let folder = open(root, path, FOLDER)?;
    let mut names = Vec::new();
    for entry in Dir::read_from(&folder)? {
        let name = OsString::from_vec(entry?.file_name().to_bytes().to_vec());
        if name != *"." && name != *".." {
            names.push(name);
        }
    }
    Ok(names)
}

/// Returns an error where nothing is at `path`, or where that cannot be found out; a link is something by itself.
pub(super) fn look(root: &Path, path: &str) -> Result<(), Errno> {
    let (folder, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or((".", path));
    let folder = open(root, folder, THROUGH)?;
    rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).map(|_| ())
}

/// Returns whether a link is at `path` that leads to nothing.
pub(super) fn leads_nowhere(root: &Path, path: &str) -> bool {
    look(root, path).is_ok() && open(root, path, FILE).err() == Some(Errno::NOENT)
}

fn open(root: &Path, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::ResolveFlags;
        let folder = rustix::fs::open(root, THROUGH, Mode::empty())?;
        match rustix::fs::openat2(folder, path, flags, Mode::empty(), ResolveFlags::BENEATH) {
            // no such call, one that a sandbox forbids, an absolute link, somebody who renames folders meanwhile
            Err(Errno::NOSYS | Errno::PERM | Errno::XDEV | Errno::AGAIN) => {}
            done => return done,
        }
    }
    walk(root, path, flags)
}

/// Opens a path part by part.
fn walk(root: &Path, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    let start = || rustix::fs::open(root, THROUGH, Mode::empty());
    let mut folders = vec![start()?];
    let mut parts = reversed(Path::new(path));
    let mut links = 0;
    while let Some(part) = parts.pop() {
        if part == *".." {
            folders.pop();
            if folders.is_empty() {
                return Err(Errno::XDEV);
            }
            continue;
        }
        let Some(folder) = folders.last() else { return Err(Errno::XDEV) };
        let is_last = parts.is_empty();
        let how = if is_last { flags } else { THROUGH } | OFlags::NOFOLLOW;
        let failed = match rustix::fs::openat(folder, &part, how, Mode::empty()) {
            Ok(found) if is_last => return Ok(found),
            Ok(found) => {
                folders.push(found);
                continue;
            }
            Err(error) => error,
        };
        // a link is told by that it can be read as one: systems differ in the error of not following it
        let Ok(target) = rustix::fs::readlinkat(folder, &part, Vec::new()) else {
            return Err(failed);
        };
        links += 1;
        if links > MAX_LINKS {
            return Err(Errno::LOOP);
        }
        let target = PathBuf::from(OsStr::from_bytes(target.as_bytes()));
        let target = if target.is_absolute() {
            folders = vec![start()?];
            target.strip_prefix(root).map_err(|_| Errno::XDEV)?
        } else {
            target.as_path()
        };
        parts.extend(reversed(target));
    }
    // the path ends in a folder that is open already
    let folder = folders.last().ok_or(Errno::XDEV)?;
    rustix::fs::openat(folder, ".", flags, Mode::empty())
}

/// Returns the parts of a relative path, the first one last.
fn reversed(path: &Path) -> Vec<OsString> {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let mut parts: Vec<OsString> = parts.map(|part| part.as_os_str().to_owned()).collect();
    parts.reverse();
    parts
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test writes what it reads")]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    /// What both ways make of a table of paths.
    #[test]
    fn both_ways_follow_links_and_stay_beneath() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        let place = tempfile::tempdir().unwrap();
        let root = place.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(root.join("a/b/file"), "file").unwrap();
        for (link, target) in [
            ("inner", "a/b/file".into()),
            ("a/up", "../a/b".into()),
            ("absolute", root.join("a/b/file")),
            ("chain", "a/up/file".into()),
            ("out", outside.path().join("secret")),
            ("a/out", "../../../../../../../etc/passwd".into()),
            ("folder-out", outside.path().to_owned()),
            ("loop", "loop".into()),
            ("gone", "nowhere".into()),
        ] {
            symlink(target, root.join(link)).unwrap();
        }
        for (path, expected) in [
            ("a/b/file", None),
            ("./a/b/file", None),
            ("inner", None),
            ("a/up/file", None),
            ("absolute", None),
            ("chain", None),
            ("a/../a/b/file", None),
            ("a/b/../../inner", None),
            ("out", Some(Errno::XDEV)),
            ("a/out", Some(Errno::XDEV)),
            ("folder-out/secret", Some(Errno::XDEV)),
            ("../x", Some(Errno::XDEV)),
            ("loop", Some(Errno::LOOP)),
            ("gone", Some(Errno::NOENT)),
            ("a/nothing", Some(Errno::NOENT)),
            ("a/b/file/x", Some(Errno::NOTDIR)),
        ] {
            assert_eq!(open(&root, path, FILE).err(), expected, "{path}");
            assert_eq!(walk(&root, path, FILE).err(), expected, "{path}, part by part");
        }
        assert_eq!(names(&root, "a/up").unwrap(), ["file"]);
        assert_eq!(names(&root, "folder-out").err(), Some(Errno::XDEV));
        assert_eq!(names(&root, "inner").err(), Some(Errno::NOTDIR));
        assert_eq!(look(&root, "gone"), Ok(()), "a link is something");
        for (path, expected) in
            [("gone", true), ("inner", false), ("loop", false), ("a/none", false)]
        {
            assert_eq!(leads_nowhere(&root, path), expected, "{path}");
        }
        assert_eq!(look(&root, "a/none"), Err(Errno::NOENT));
    }
}
