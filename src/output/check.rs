//! How the disk differs from what would be written: `--check`. Reads only.

use std::path::Path;

use anyhow::{Context as _, Result};
use similar::TextDiff;

use super::disk::{Found, OnDisk};
use super::manifest::Manifest;
use super::tree::{Artefact, Tree, is_private};

/// One path that is not as it would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Relative to the role's folder, with `/`.
    pub path: String,
    /// What is different.
    pub change: Change,
}

/// How a path differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Would be written, and is not there.
    Missing,
    /// Is there, and would not be written.
    Extra,
    /// Holds something else.
    Changed {
        /// Unified diff from what is there to what would be written; a sentence where contents are binary or secret.
        diff: String,
    },
    /// Holds the right bytes, but is executable, or a secret that others may read.
    Mode {
        /// Permission bits it has.
        found: u32,
        /// Permission bits it would get.
        wanted: u32,
    },
}

/// Returns the roles that were written below a folder, by their names, sorted.
pub fn built(out: &Path) -> Result<Vec<String>> {
    let Ok(folders) = std::fs::read_dir(out) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for folder in folders {
        let folder = folder.with_context(|| format!("cannot read `{}`", out.display()))?;
        // what has no manifest of its own was not written by us
        let manifest = std::fs::read(folder.path().join(Manifest::PATH)).ok();
        let name = folder.file_name().to_string_lossy().into_owned();
        if manifest.and_then(|json| Manifest::parse(&json)).is_some_and(|of| of.role == name) {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

/// Compares the role's folder with a tree, by path; an absent folder misses everything.
pub fn compare(out_dir: &Path, tree: &Tree) -> Result<Vec<Difference>> {
    let disk = OnDisk::read(out_dir)?;
    let manifest = disk.manifest()?;
    let mut differences = Vec::new();
    let mut note =
        |path: &str, change| differences.push(Difference { path: path.to_owned(), change });
    for (path, artefact) in tree.iter() {
        let Some(found) = disk.found.get(path) else {
            note(path, Change::Missing);
            continue;
        };
        if !found.holds(artefact)? {
            let was_secret = match manifest.as_ref().and_then(|manifest| manifest.mode(path)) {
                Some(mode) => mode == "0600",
                None => is_private(found.mode),
            };
            note(path, Change::Changed { diff: diff(path, found, artefact, was_secret)? });
        } else if !found.mode_fits(artefact) {
            note(path, Change::Mode { found: found.mode, wanted: artefact.mode });
        }
    }
    for path in disk.found.keys().filter(|path| tree.get(path).is_none()) {
        note(path, Change::Extra);
    }
    differences.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(differences)
}

/// Says how a file differs, without showing what is secret or unreadable.
fn diff(path: &str, found: &Found, artefact: &Artefact, was_secret: bool) -> Result<String> {
    if !found.plain {
        return Ok("is not a plain file\n".to_owned());
    }
    if artefact.is_secret() || was_secret {
        return Ok("holds a secret: the difference is not shown\n".to_owned());
    }
    // lines are compared only where that takes no time: a file that has grown is no text of ours
    let grown = (16 << 20).max(artefact.bytes.len().saturating_mul(4));
    if found.len > grown as u64 {
        return Ok(format!("{} bytes, would be {}\n", found.len, artefact.bytes.len()));
    }
    let old = found.bytes()?.unwrap_or_default();
    let texts = (std::str::from_utf8(&old), std::str::from_utf8(&artefact.bytes));
    let (Ok(old), Ok(new)) = texts else {
        return Ok(format!("binary: {} bytes, would be {}\n", old.len(), artefact.bytes.len()));
    };
    let (is, would_be) = (format!("{path} (on disk)"), format!("{path} (from the profiles)"));
    Ok(TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(&is, &would_be)
        .to_string())
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests make the folders that are compared")]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn place(root: &Path, path: &str, bytes: &[u8], mode: u32) {
        let path = root.join(path);
        fs::write(&path, bytes).expect("temporary folder is writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("own file");
    }

    #[test]
    fn every_kind_of_difference_is_told() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let mut tree = Tree::new();
        tree.add("same", "x\n");
        tree.add("text", "a\nnew\n");
        tree.add("binary", [0xff, 0, 1]);
        tree.add_guarded("secret", "password=new\n", true);
        tree.add_guarded("open", "password=1\n", true);
        tree.add("missing", "");
        place(dir.path(), "same", b"x\n", 0o664);
        place(dir.path(), "text", b"a\nold\n", 0o644);
        place(dir.path(), "binary", &[0xff], 0o644);
        place(dir.path(), "secret", b"password=old\n", 0o600);
        place(dir.path(), "open", b"password=1\n", 0o644);
        place(dir.path(), "zz", b"", 0o644);
        std::os::unix::fs::symlink("same", dir.path().join("link"))
            .expect("temporary folder is writable");
        let changed = |diff: &str| Change::Changed { diff: diff.to_owned() };
        let text =
            "--- text (on disk)\n+++ text (from the profiles)\n@@ -1,2 +1,2 @@\n a\n-old\n+new\n";
        let expected = [
            ("binary", changed("binary: 1 bytes, would be 3\n")),
            ("link", Change::Extra),
            ("missing", Change::Missing),
            ("open", Change::Mode { found: 0o644, wanted: 0o600 }),
            ("secret", changed("holds a secret: the difference is not shown\n")),
            ("text", changed(text)),
            ("zz", Change::Extra),
        ];
        let found = compare(dir.path(), &tree).expect("readable");
        let found: Vec<_> = found.iter().map(|d| (d.path.as_str(), d.change.clone())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_absent_folder_misses_everything() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let mut tree = Tree::new();
        tree.add("a/b", "");
        let found = compare(&dir.path().join("nothing/here"), &tree).expect("readable");
        assert_eq!(found, [Difference { path: "a/b".to_owned(), change: Change::Missing }]);
    }
}
