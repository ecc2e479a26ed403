//! A folder that is made once, of what is not ours to keep up to date.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::tree::Tree;
use super::write::{check_inside, stage};

/// Makes a folder that is not there yet, or is empty, hold a tree.
///
/// # Errors
/// Where something is in the folder already, or a path leads out of it; nothing is left of it then.
#[expect(clippy::disallowed_methods, reason = "this room touches the disk")]
pub fn fresh(folder: &Path, tree: &Tree) -> Result<()> {
    let failed = || format!("cannot write `{}`", folder.display());
    check_inside(tree).with_context(failed)?;
    let is_empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if fs::symlink_metadata(folder).is_ok() && !is_empty() {
        bail!("{}: something is there already; name a folder that is not there yet", failed());
    }
    let parent = match folder.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).with_context(failed)?;
    let staging = tempfile::tempdir_in(parent).with_context(failed)?;
    let new = staging.path().join("new");
    stage(&new, tree).with_context(failed)?;
    // over an empty folder a rename is allowed
    fs::rename(&new, folder).with_context(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_there_and_what_leads_out() {
        let place = tempfile::tempdir().expect("a folder");
        let mut tree = Tree::new();
        tree.add("etc/a", "a");
        let folder = place.path().join("x/y");
        fresh(&folder, &tree).expect("is new");
        assert_eq!(fs::read(folder.join("etc/a")).expect("is there"), b"a");
        let again = format!("{:#}", fresh(&folder, &tree).expect_err("is there"));
        assert!(again.contains("something is there already"), "{again}");
        tree.add("../b", "b");
        assert!(fresh(&place.path().join("z"), &tree).is_err());
        assert!(!place.path().join("z").exists() && !place.path().join("b").exists());
    }

    #[test]
    fn leaves_nothing_of_what_cannot_be_written() {
        let place = tempfile::tempdir().expect("a folder");
        let mut tree = Tree::new();
        tree.add("a", "a");
        tree.add("a/b", "b");
        let failed = format!("{:#}", fresh(&place.path().join("z"), &tree).expect_err("a file"));
        assert!(failed.contains("a/b"), "{failed}");
        assert_eq!(fs::read_dir(place.path()).expect("is there").count(), 0);
    }
}
