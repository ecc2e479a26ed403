//! The only code that writes to the disk: a whole tree, or nothing.
//!
//! The tree is written to a staging folder beside the target and swapped in with one rename, so that whoever looks
//! sees the old tree or the new one, and a kill or a full disk at any instant leaves one of them. Nothing is synced:
//! a tree lost to a power cut is compiled again from its profiles, and `--check` finds it.

#![allow(clippy::disallowed_methods, reason = "this is the one place that writes to the disk")]

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::disk::OnDisk;
use super::manifest::Manifest;
use super::tree::{Artefact, Tree};

/// What every staging folder is called, before the role and six random characters.
const STAGING: &str = ".cfgbuild-";
/// The new tree within a staging folder.
const NEW: &str = "new";
/// The old tree within a staging folder, where the file system cannot exchange two folders.
const OLD: &str = "old";

/// What writing a tree did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// What became of the folder.
    pub outcome: Outcome,
    /// Files that were not there before.
    pub added: usize,
    /// Files that now hold something else.
    pub changed: usize,
    /// Files that are gone.
    pub removed: usize,
    /// Files that hold what they held.
    pub kept: usize,
}

/// What became of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It held exactly this tree and was not touched.
    Unchanged,
    /// It was not there, or was empty.
    Created,
    /// It held an older tree.
    Replaced,
}

/// The folder that holds the folders of roles. Nothing is done to it before the first role is written; from then on no
/// other cfgbuild writes below it.
#[derive(Debug)]
pub struct Roles {
    folder: PathBuf,
    opened: Mutex<Option<Arc<Opened>>>,
}

/// A folder of roles that is there.
#[derive(Debug)]
struct Opened {
    /// Resolved once, so that a change of the working directory or of a link cannot part staging from target.
    folder: PathBuf,
    /// Keeps others out; `None` where the file system has no locks.
    lock: Option<File>,
    /// Everything in it that may be staging of a killed run.
    left: Vec<PathBuf>,
}

/// Makes `out_dir`, the folder of one role, hold exactly `tree`, whose manifest must be in it.
///
/// Refuses a folder with anything in it that cfgbuild did not write. Calls `waits` once where another program has
/// locked the folder around it for longer than a moment.
pub fn write(out_dir: &Path, tree: &Tree, waits: &dyn Fn()) -> Result<Written> {
    let Some(role) = out_dir.file_name() else {
        bail!("cannot write `{}`: it names no folder", out_dir.display())
    };
    let parent = match out_dir.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    Roles::new(parent).put(role, out_dir, tree, waits)
}

impl Roles {
    /// Returns a folder of roles, which need not be there yet.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), opened: Mutex::new(None) }
    }

    /// Makes the folder of one role hold exactly `tree`, as [`write()`] does; roles may be written at once.
    pub fn write(&self, role: &str, tree: &Tree, waits: &dyn Fn()) -> Result<Written> {
        self.put(OsStr::new(role), &self.folder.join(role), tree, waits)
    }

    fn put(&self, role: &OsStr, out_dir: &Path, tree: &Tree, waits: &dyn Fn()) -> Result<Written> {
        let failed = || format!("cannot write `{}`", out_dir.display());
        check_paths(tree).with_context(failed)?;
        let opened = self.open(waits).with_context(failed)?;
        if opened.lock.is_some() {
            opened.clean_up(role).with_context(failed)?;
        }
        let parent = &opened.folder;
        let disk = OnDisk::read(out_dir)?;
        let written = count(&disk, tree)?;
        if written.outcome == Outcome::Unchanged {
            return Ok(written);
        }
        if let Some(foreign) = disk.foreign(tree)? {
            bail!(
                "{}: `{foreign}` in it was not written by cfgbuild and would be lost; move it away first",
                failed()
            );
        }
        let staging = tempfile::Builder::new()
            .prefix(&staging_prefix(role))
            .tempdir_in(parent)
            .with_context(failed)?;
        let new = staging.path().join(NEW);
        // The staging folder itself is 0700; the one in it has the mode the umask asks for.
        stage(&new, tree).with_context(failed)?;
        if let Err(error) = swap(staging.path(), &new, &parent.join(role)) {
            if staging.path().join(OLD).exists() {
                // It could not be put back: it stays, for the next run to do so.
                let _ = staging.keep();
            }
            return Err(error).with_context(failed);
        }
        // The new tree is in place: what cannot be removed of the old one now goes with the next run.
        drop(staging);
        Ok(written)
    }

    /// Opens the folder once for all roles: it is made if need be, locked, and looked through for what was left.
    fn open(&self, waits: &dyn Fn()) -> io::Result<Arc<Opened>> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = &*opened {
            return Ok(Arc::clone(opened));
        }
        fs::create_dir_all(&self.folder)?;
        let folder = fs::canonicalize(&self.folder)?;
        let lock = lock(&folder, waits)?;
        let mut left = Vec::new();
        if lock.is_some() {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let is_staging = entry.file_name().to_string_lossy().starts_with(STAGING);
                if is_staging && entry.file_type()?.is_dir() {
                    left.push(entry.path());
                }
            }
        }
        let found = Arc::new(Opened { folder, lock, left });
        *opened = Some(Arc::clone(&found));
        Ok(found)
    }
}

impl Opened {
    /// Removes what killed runs left of a role; called with the lock held, so no run is alive.
    ///
    /// A kill between the two renames of [`swap`] leaves the old tree in staging and nothing in place: it is put back.
    fn clean_up(&self, role: &OsStr) -> io::Result<()> {
        let prefix = staging_prefix(role);
        for path in &self.left {
            let name = path.file_name().and_then(OsStr::to_str);
            let random = name.and_then(|name| name.strip_prefix(&prefix)).unwrap_or("");
            let ours = random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
            // the same role may be written twice by one run
            if !ours || !path.exists() {
                continue;
            }
            let (old, target) = (path.join(OLD), self.folder.join(role));
            if old.is_dir() && fs::symlink_metadata(&target).is_err() {
                fs::rename(old, target)?;
            }
            fs::remove_dir_all(path)?;
        }
        Ok(())
    }
}

/// Refuses what is no role's folder.
fn check_paths(tree: &Tree) -> Result<()> {
    check_inside(tree)?;
    if tree.get(Manifest::PATH).is_none() {
        bail!("the tree has no {}", Manifest::PATH);
    }
    Ok(())
}

/// Refuses paths that would leave the folder: never worth a file elsewhere.
pub(super) fn check_inside(tree: &Tree) -> Result<()> {
    for (path, _) in tree.iter() {
        let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if path.is_empty() || !inside {
            bail!("`{path}` is not a path below the output folder");
        }
    }
    Ok(())
}

/// Waits until no other cfgbuild writes below `parent`; `None` where the file system has no locks.
///
/// The folder itself is locked, so that no lock file is left in a folder that is committed.
fn lock(parent: &Path, waits: &dyn Fn()) -> io::Result<Option<File>> {
    let file = File::open(parent)?;
    for _ in 0..MOMENTS {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => thread::sleep(MOMENT),
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
    waits();
    Ok(file.lock().is_ok().then_some(file))
}

/// How long a lock is waited for without a word.
const MOMENTS: u32 = 50;
const MOMENT: Duration = Duration::from_millis(20);

/// Returns the beginning of the names of a role's staging folders.
fn staging_prefix(role: &OsStr) -> String {
    format!("{STAGING}{}-", role.to_string_lossy())
}

/// Tells what writing will do.
fn count(disk: &OnDisk, tree: &Tree) -> Result<Written> {
    let mut written =
        Written { outcome: Outcome::Replaced, added: 0, changed: 0, removed: 0, kept: 0 };
    let mut modes_fit = true;
    for (path, artefact) in tree.iter() {
        match disk.found.get(path) {
            None => written.added += 1,
            Some(found) if found.holds(artefact)? => {
                written.kept += 1;
                modes_fit &= found.mode_fits(artefact);
            }
            Some(_) => written.changed += 1,
        }
    }
    written.removed = disk.found.keys().filter(|path| tree.get(path).is_none()).count();
    if disk.found.is_empty() {
        written.outcome = Outcome::Created;
    } else if modes_fit && written.added + written.changed + written.removed == 0 {
        written.outcome = Outcome::Unchanged;
    }
    Ok(written)
}

/// Writes the tree to `new`, the manifest last.
pub(super) fn stage(new: &Path, tree: &Tree) -> Result<()> {
    fs::create_dir(new)?;
    let mut folder = PathBuf::new();
    let (manifest, rest): (Vec<_>, Vec<_>) =
        tree.iter().partition(|(path, _)| *path == Manifest::PATH);
    for (path, artefact) in rest.into_iter().chain(manifest) {
        let target = new.join(path);
        if let Some(parent) = target.parent()
            && parent != folder
        {
            fs::create_dir_all(parent).with_context(|| path.to_owned())?;
            parent.clone_into(&mut folder);
        }
        stage_file(&target, artefact).with_context(|| path.to_owned())?;
    }
    Ok(())
}

fn stage_file(target: &Path, artefact: &Artefact) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).mode(artefact.mode).open(target)?;
    file.write_all(&artefact.bytes)
}

/// Puts `new` in the place of `target`, and what was there into `staging`.
fn swap(staging: &Path, new: &Path, target: &Path) -> io::Result<()> {
    if fs::symlink_metadata(target).is_err() {
        return fs::rename(new, target);
    }
    match renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        // No such call, or none on this file system: two renames, and `clean_up` mends a kill between them.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => swap_in_two_steps(staging, new, target),
        Err(error) => Err(error.into()),
    }
}

fn swap_in_two_steps(staging: &Path, new: &Path, target: &Path) -> io::Result<()> {
    let old = staging.join(OLD);
    fs::rename(target, &old)?;
    fs::rename(new, target).inspect_err(|_| {
        let _ = fs::rename(&old, target);
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::output::described::Described;

    type Make = fn(&Path);

    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::new();
        for (path, text) in files {
            tree.add_guarded(*path, *text, text.contains("secret"));
        }
        let manifest = Manifest::of("kafka", Described::default(), &[], &tree);
        tree.add(Manifest::PATH, manifest.to_json());
        tree
    }

    fn write(out_dir: &Path, tree: &Tree) -> Result<Written> {
        super::write(out_dir, tree, &|| ())
    }

    #[test]
    fn a_lock_of_another_program_is_told_of() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let foreign = File::open(dir.path()).expect("is there");
        foreign.lock().expect("nobody else has it");
        let told = std::cell::Cell::new(0);
        let waits = || {
            told.set(told.get() + 1);
            foreign.unlock().expect("it is ours");
        };
        super::write(&dir.path().join("kafka"), &tree(&[("a", "1")]), &waits).expect("writable");
        assert_eq!(told.get(), 1);
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("is there").permissions().mode() & 0o777
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).expect("is there");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn creates_keeps_and_replaces() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let out = dir.path().join("deep/output/kafka");
        let first = tree(&[("nodes/a/x", "1"), ("nodes/a/y", "secret"), ("z", "")]);
        let done = write(&out, &first).expect("writable");
        assert_eq!((done.outcome, done.added), (Outcome::Created, 4));
        assert_eq!(
            (mode(&out.join("nodes/a/x")) & 0o700, mode(&out.join("nodes/a/y"))),
            (0o600, 0o600)
        );
        // As wide as the umask lets any new folder be, not the 0700 of the staging folder.
        fs::create_dir(dir.path().join("probe")).expect("writable");
        assert_eq!(mode(&out), mode(&dir.path().join("probe")));
        assert_eq!(names(&dir.path().join("deep/output")), ["kafka"]);

        let before = fs::metadata(&out).expect("is there").modified().expect("has a time");
        assert_eq!(write(&out, &first).expect("writable").outcome, Outcome::Unchanged);
        assert_eq!(fs::metadata(&out).expect("is there").modified().expect("has a time"), before);

        fs::set_permissions(out.join("nodes/a/y"), fs::Permissions::from_mode(0o644))
            .expect("own file");
        assert_eq!(write(&out, &first).expect("writable").outcome, Outcome::Replaced);
        assert_eq!(mode(&out.join("nodes/a/y")), 0o600);

        let done =
            write(&out, &tree(&[("nodes/a/x", "2"), ("z", ""), ("new", "")])).expect("writable");
        let expected =
            Written { outcome: Outcome::Replaced, added: 1, changed: 2, removed: 1, kept: 1 };
        assert_eq!(done, expected);
        assert_eq!(names(&out), ["manifest.json", "new", "nodes", "z"]);
        assert_eq!(fs::read_to_string(out.join("nodes/a/x")).expect("is there"), "2");
        assert_eq!(names(&dir.path().join("deep/output")), ["kafka"]);
    }

    #[test]
    fn refuses_what_is_not_ours_and_leaves_it_whole() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let out = dir.path().join("kafka");
        let ours = tree(&[("a", "1")]);
        let cases: [(&str, Make); 6] = [
            ("`notes.txt` in it was not written by cfgbuild", |out| {
                write(out, &tree(&[("a", "0")])).expect("writable");
                fs::write(out.join("notes.txt"), "mine").expect("writable");
            }),
            ("`a` in it was not written by cfgbuild", |out| {
                fs::create_dir(out).expect("writable");
                fs::write(out.join("a"), "mine").expect("writable");
            }),
            ("`manifest.json` in it was not written by cfgbuild", |out| {
                fs::create_dir(out).expect("writable");
                fs::write(out.join("manifest.json"), "{\"name\":\"app\"}").expect("writable");
            }),
            ("`a` in it was not written by cfgbuild", |out| {
                write(out, &tree(&[("a", "0")])).expect("writable");
                fs::remove_file(out.join("a")).expect("own file");
                symlink("/etc/hostname", out.join("a")).expect("writable");
            }),
            ("is a symbolic link", |out| symlink("elsewhere", out).expect("writable")),
            ("is a file", |out| fs::write(out, "mine").expect("writable")),
        ];
        for (message, make) in cases {
            make(&out);
            let error = format!("{:#}", write(&out, &ours).expect_err("must be refused"));
            assert!(error.contains(message) && error.contains("kafka`"), "{error}");
            assert_eq!(names(dir.path()), ["kafka"], "{message}: nothing is left behind");
            if fs::symlink_metadata(&out).expect("still there").is_dir() {
                fs::remove_dir_all(&out).expect("own folder");
            } else {
                fs::remove_file(&out).expect("own file");
            }
        }
    }

    #[test]
    fn takes_over_an_empty_folder_and_files_that_are_the_same() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let out = dir.path().join("kafka");
        fs::create_dir(&out).expect("writable");
        assert_eq!(write(&out, &tree(&[("a", "1")])).expect("writable").outcome, Outcome::Created);
        fs::remove_file(out.join("manifest.json")).expect("own file");
        assert_eq!(write(&out, &tree(&[("a", "1")])).expect("writable").outcome, Outcome::Replaced);
    }

    #[test]
    fn removes_what_killed_runs_left_and_nothing_else() {
        let dir = tempfile::tempdir().expect("temporary folder");
        for name in [
            ".cfgbuild-kafka-aB3xY9",
            ".cfgbuild-kafka-dev-aB3xY9",
            ".cfgbuild-kafka-notes",
            "kafka.old",
        ] {
            fs::create_dir_all(dir.path().join(name).join("new/nodes")).expect("writable");
        }
        write(&dir.path().join("kafka"), &tree(&[("a", "1")])).expect("writable");
        let left = [".cfgbuild-kafka-dev-aB3xY9", ".cfgbuild-kafka-notes", "kafka", "kafka.old"];
        assert_eq!(names(dir.path()), left);
    }

    #[test]
    fn swaps_in_two_steps_where_it_must_and_mends_a_kill_between_them() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let (staging, out) = (dir.path().join(".cfgbuild-kafka-aB3xY9"), dir.path().join("kafka"));
        write(&out, &tree(&[("a", "1")])).expect("writable");
        fs::create_dir_all(staging.join(NEW)).expect("writable");
        swap_in_two_steps(&staging, &staging.join(NEW), &out).expect("writable");
        assert!(names(&out).is_empty() && staging.join(OLD).join("a").exists());
        // The kill: the old tree is in staging, and nothing is in place.
        fs::remove_dir(&out).expect("own folder");
        assert_eq!(
            write(&out, &tree(&[("a", "1")])).expect("writable").outcome,
            Outcome::Unchanged
        );
        assert_eq!(names(dir.path()), ["kafka"]);
    }

    #[test]
    fn a_failure_names_the_folder_and_the_reason() {
        let dir = tempfile::tempdir().expect("temporary folder");
        fs::write(dir.path().join("file"), "").expect("writable");
        let out = dir.path().join("file/kafka");
        let error = format!("{:#}", write(&out, &tree(&[])).expect_err("no folder can be there"));
        assert!(error.starts_with(&format!("cannot write `{}`: ", out.display())), "{error}");
        let out = dir.path().join("kafka");
        for path in ["../x", "/x", "a/../../x", ""] {
            let error = format!("{:#}", write(&out, &tree(&[(path, "")])).expect_err("outside"));
            assert!(error.contains("not a path below"), "{error}");
        }
        // One path cannot be a file and a folder: staging fails half way, and nothing is left of it.
        write(&out, &tree(&[("a", "1")])).expect("writable");
        write(&out, &tree(&[("a", "1"), ("a/b", "")])).expect_err("`a` is a file");
        assert_eq!(
            (names(dir.path()), names(&out)),
            (vec!["file".into(), "kafka".into()], vec!["a".into(), "manifest.json".into()])
        );
    }
}
