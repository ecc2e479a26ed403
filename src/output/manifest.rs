//! `manifest.json`: what cfgbuild wrote, and from which inputs.
//!
//! It is also the mark by which an output folder is known to be ours, so reading is more tolerant than writing:
//! a manifest of another version of cfgbuild still counts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};

use super::described::Described;
use super::tree::Tree;

/// The format that is written.
const FORMAT: u32 = 2;

fn first() -> u32 {
    1
}

/// Everything cfgbuild wrote into one role's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of cfgbuild; the key that tells our manifests from other programs'.
    pub cfgbuild: String,
    /// What of the following there is: 1 had neither this nor a description of the role.
    #[serde(default = "first")]
    pub format: u32,
    /// The role that was compiled.
    #[serde(default)]
    pub role: String,
    /// What it consists of; not read back, so that another version's manifest counts whatever it says.
    #[serde(flatten, skip_deserializing)]
    pub described: Described,
    /// Every file that was read, by path.
    #[serde(default)]
    pub inputs: Vec<Input>,
    /// Every file that was written but the manifest itself, by path.
    #[serde(default)]
    pub artefacts: Vec<Entry>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Relative to the workspace, with `/`.
    pub path: String,
    /// Digest in hex; left out where it could give a secret away.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Relative to the role's folder, with `/`.
    pub path: String,
    #[serde(default)]
    pub bytes: usize,
    /// Permission bits in octal: `0644` or `0600`.
    #[serde(default)]
    pub mode: String,
    /// Digest in hex; left out of what holds a secret, which a digest would help to guess: all the rest of the text is
    /// known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// Digest in hex, as `verification.hash` of Ignition takes it; left out as that is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha512: String,
}

impl Manifest {
    /// Where it stands in the role's folder.
    pub const PATH: &str = "manifest.json";

    /// Describes a tree compiled from `inputs`, pairs of path and SHA-256 in hex.
    pub fn of(role: &str, described: Described, inputs: &[(String, String)], tree: &Tree) -> Self {
        let mut inputs: Vec<Input> = inputs
            .iter()
            .map(|(path, sha256)| Input { path: path.clone(), sha256: sha256.clone() })
            .collect();
        inputs.sort_by(|a, b| a.path.cmp(&b.path));
        let artefacts = tree
            .iter()
            .filter(|(path, _)| *path != Self::PATH)
            .map(|(path, artefact)| {
                let open = (!artefact.is_secret()).then_some(&artefact.bytes);
                Entry {
                    path: path.to_owned(),
                    bytes: artefact.bytes.len(),
                    mode: format!("{:04o}", artefact.mode),
                    sha256: open.map_or(String::new(), |bytes| hex(&Sha256::digest(bytes))),
                    sha512: open.map_or(String::new(), |bytes| hex(&Sha512::digest(bytes))),
                }
            })
            .collect();
        Self {
            cfgbuild: env!("CARGO_PKG_VERSION").to_owned(),
            format: FORMAT,
            role: role.to_owned(),
            described,
            inputs,
            artefacts,
        }
    }

    /// Returns it as indented JSON with a final newline.
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("texts and numbers always serialise");
        json.push(b'\n');
        json
    }

    /// Reads one back; `None` if it is not ours.
    pub fn parse(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// Returns whether this version of cfgbuild knows all that it may say.
    pub fn is_known(&self) -> bool {
        self.format <= FORMAT
    }

    /// Returns the mode of an artefact, in octal.
    pub fn mode(&self, path: &str) -> Option<&str> {
        self.artefacts.iter().find(|entry| entry.path == path).map(|entry| entry.mode.as_str())
    }

    /// Returns the paths it vouches for, its own included.
    pub fn paths(&self) -> BTreeSet<&str> {
        self.artefacts.iter().map(|entry| entry.path.as_str()).chain([Self::PATH]).collect()
    }
}

/// Returns bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let digit =
        |half: u8| char::from_digit(u32::from(half), 16).expect("half a byte has one digit");
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_every_artefact_but_itself_and_reads_back() {
        let mut tree = Tree::new();
        tree.add("b", "");
        tree.add_guarded("a", "secret", true);
        tree.add(Manifest::PATH, "old");
        let inputs = [("z".to_owned(), "2".to_owned()), ("y".to_owned(), "1".to_owned())];
        let manifest = Manifest::of("kafka", Described::default(), &inputs, &tree);
        let listed: Vec<_> = manifest
            .artefacts
            .iter()
            .map(|e| (e.path.as_str(), e.bytes, e.mode.as_str()))
            .collect();
        assert_eq!(listed, [("a", 6, "0600"), ("b", 0, "0644")]);
        let secret = manifest.artefacts.first().expect("is listed");
        assert_eq!((secret.sha256.as_str(), secret.sha512.as_str()), ("", ""));
        assert_eq!(
            manifest.artefacts.get(1).map(|entry| entry.sha256.as_str()),
            Some("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        );
        assert_eq!(manifest.inputs.first().map(|input| input.path.as_str()), Some("y"));
        assert_eq!(Manifest::parse(&manifest.to_json()), Some(manifest));
    }

    #[test]
    fn knows_ours_from_another_programs() {
        assert!(
            Manifest::parse(br#"{"cfgbuild":"9.0.0","new":{},"artefacts":[{"path":"x"}]}"#)
                .is_some()
        );
        for other in [&br#"{"name":"app","icons":[]}"#[..], b"", b"[]", b"<<<<<<< HEAD\n"] {
            assert_eq!(Manifest::parse(other), None);
        }
    }
}
