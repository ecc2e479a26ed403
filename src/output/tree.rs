//! Every artefact of one role, in memory, in the order of the paths.
//!
//! Touches no disk: a tree is compared or written only when it is whole.

use std::collections::BTreeMap;

use super::known::Known;

/// Mode of what anybody may read.
const PUBLIC: u32 = 0o644;
/// Mode of what holds a secret.
const SECRET: u32 = 0o600;

/// Bits that let the group or others in.
const OTHERS: u32 = 0o077;

/// One file to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Permission bits: 0644, or 0600 where it holds a secret.
    pub mode: u32,
}

impl Artefact {
    /// Tells whether its contents are for the owner's eyes only.
    pub fn is_secret(&self) -> bool {
        is_private(self.mode)
    }
}

/// Tells whether a mode keeps everybody but the owner out.
pub(super) fn is_private(mode: u32) -> bool {
    mode & OTHERS == 0
}

/// Artefacts by path: relative to the role's folder, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    artefacts: BTreeMap<String, Artefact>,
}

impl Tree {
    /// Returns a tree without artefacts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what anybody may read; a path has one author, so whoever adds it again replaces it.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.artefacts.insert(path.into(), Artefact { bytes: bytes.into(), mode: PUBLIC });
    }

    /// Adds what may hold a secret: it becomes 0600 if `secret`.
    pub fn add_guarded(
        &mut self,
        path: impl Into<String>,
        bytes: impl Into<Vec<u8>>,
        secret: bool,
    ) {
        let mode = if secret { SECRET } else { PUBLIC };
        self.artefacts.insert(path.into(), Artefact { bytes: bytes.into(), mode });
    }

    /// Makes everything 0600 that holds a value of `known`; returns the first path that does, which no mode can hide.
    pub fn guard(&mut self, known: &Known) -> Option<&str> {
        if known.is_empty() {
            return None;
        }
        for artefact in self.artefacts.values_mut().filter(|artefact| !artefact.is_secret()) {
            if known.is_in(&artefact.bytes) {
                artefact.mode = SECRET;
            }
        }
        self.artefacts.keys().map(String::as_str).find(|path| known.is_in_path(path))
    }

    /// Adds everything of another tree.
    pub fn extend(&mut self, other: Self) {
        // `BTreeMap::append` would walk all there is for each node that is added
        self.artefacts.extend(other.artefacts);
    }

    /// Removes every artefact of a name, in whatever folder it is.
    pub fn remove_all(&mut self, name: &str) {
        self.artefacts.retain(|path, _| path.rsplit('/').next() != Some(name));
    }

    /// Returns the artefact at a path.
    pub fn get(&self, path: &str) -> Option<&Artefact> {
        self.artefacts.get(path)
    }

    /// Returns all artefacts in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Artefact)> {
        self.artefacts.iter().map(|(path, artefact)| (path.as_str(), artefact))
    }

    /// Returns how many artefacts there are.
    pub fn len(&self) -> usize {
        self.artefacts.len()
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.artefacts.is_empty()
    }
}
