//! What is on disk below an output folder; reads only, and never follows a link.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use super::manifest::Manifest;
use super::tree::{Artefact, Tree, is_private};

/// Most bytes that are read of a file that should be one of ours.
const MOST: u64 = 512 << 20;

/// Everything below a folder that is not itself a folder.
#[derive(Debug, Default)]
pub(super) struct OnDisk {
    /// By path relative to the folder, with `/`.
    pub(super) found: BTreeMap<String, Found>,
}

/// One thing on disk.
#[derive(Debug)]
pub(super) struct Found {
    path: PathBuf,
    /// Whether it is a plain file; a link, a pipe or a device is not.
    pub(super) plain: bool,
    /// Permission bits.
    pub(super) mode: u32,
    /// Size in bytes.
    pub(super) len: u64,
}

impl OnDisk {
    /// Reads what is below `root`; an absent folder holds nothing.
    pub(super) fn read(root: &Path) -> Result<Self> {
        match fs::symlink_metadata(root) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read `{}`", root.display()));
            }
            Ok(about) if about.is_symlink() => bail!(
                "`{}` is a symbolic link, and cfgbuild replaces whole folders: \
                 remove the link, or write to the folder it points at",
                root.display()
            ),
            Ok(about) if !about.is_dir() => {
                bail!(
                    "`{}` is a file, where the output folder belongs: move it away",
                    root.display()
                )
            }
            Ok(_) => {}
        }
        let mut found = BTreeMap::new();
        for entry in WalkDir::new(root).follow_links(false).min_depth(1) {
            let entry = entry.with_context(|| format!("cannot read `{}`", root.display()))?;
            if entry.file_type().is_dir() {
                continue;
            }
            let about = entry
                .metadata()
                .with_context(|| format!("cannot read `{}`", entry.path().display()))?;
            let thing = Found {
                plain: about.is_file(),
                mode: about.permissions().mode() & 0o7777,
                len: about.len(),
                path: entry.path().to_owned(),
            };
            // A name that is not UTF-8 cannot be one of ours; shown with replacement characters it stays foreign.
            found.insert(
                entry
                    .path()
                    .strip_prefix(root)
                    .unwrap_or(entry.path())
                    .to_string_lossy()
                    .into_owned(),
                thing,
            );
        }
        Ok(Self { found })
    }

    /// Returns the manifest, if there is one of ours.
    pub(super) fn manifest(&self) -> Result<Option<Manifest>> {
        match self.found.get(Manifest::PATH) {
            Some(found) if found.plain => {
                Ok(found.bytes()?.and_then(|bytes| Manifest::parse(&bytes)))
            }
            _ => Ok(None),
        }
    }

    /// Returns the first thing that replacing the folder would lose: neither listed by our manifest nor in `tree`.
    pub(super) fn foreign(&self, tree: &Tree) -> Result<Option<&str>> {
        let manifest = self.manifest()?;
        let listed = manifest.as_ref().map(Manifest::paths).unwrap_or_default();
        for (path, found) in &self.found {
            if found.plain && listed.contains(path.as_str()) {
                continue;
            }
            match tree.get(path) {
                Some(artefact) if found.holds(artefact)? => {}
                _ => return Ok(Some(path)),
            }
        }
        Ok(None)
    }
}

impl Found {
    /// Returns what it holds; `None` where that is more than anything cfgbuild writes.
    pub(super) fn bytes(&self) -> Result<Option<Vec<u8>>> {
        let failed = || format!("cannot read `{}`", self.path.display());
        let mut bytes = Vec::new();
        let file = fs::File::open(&self.path).with_context(failed)?;
        // it may grow while it is read
        file.take(MOST + 1).read_to_end(&mut bytes).with_context(failed)?;
        Ok((bytes.len() as u64 <= MOST).then_some(bytes))
    }

    /// Tells whether it is a plain file with the artefact's bytes.
    pub(super) fn holds(&self, artefact: &Artefact) -> Result<bool> {
        // The size first: most changed files are told apart without reading them.
        Ok(self.plain
            && self.len == artefact.bytes.len() as u64
            && self.bytes()?.as_ref() == Some(&artefact.bytes))
    }

    /// Tells whether its mode does what the artefact's asks for.
    ///
    /// A umask or a git checkout may widen or narrow 0644; what counts is that nothing is executable and that
    /// nobody else reads a secret.
    pub(super) fn mode_fits(&self, artefact: &Artefact) -> bool {
        self.mode & 0o7111 == 0 && (!artefact.is_secret() || is_private(self.mode))
    }
}
