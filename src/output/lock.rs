//! `cfgbuild.lock`: what is recorded once and committed, at the root of the workspace.
//!
//! Sorted, without times, so that two who record the same write the same bytes. Only commands that say so write it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::described::Described;
use super::manifest::hex;

/// The format that is written, and the newest that is read.
const FORMAT: u32 = 1;

/// All that is recorded of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// What of the following there is.
    pub format: u32,
    /// The builds that run, by role.
    #[serde(default)]
    pub deployed: BTreeMap<String, Deployed>,
}

/// A build that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployed {
    /// Digest of its manifest, in hex.
    pub manifest: String,
    /// What the role consisted of.
    #[serde(flatten)]
    pub role: Described,
}

impl Default for Lock {
    fn default() -> Self {
        Self { format: FORMAT, deployed: BTreeMap::new() }
    }
}

impl Lock {
    /// Where it stands in the workspace.
    pub const PATH: &str = "cfgbuild.lock";

    /// Reads one; an `Err` says what is wrong, with line and column where there is such a place.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        let lock: Self = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if lock.format > FORMAT {
            return Err(format!(
                "it is of format {}, and this version of cfgbuild reads {FORMAT}",
                lock.format
            ));
        }
        Ok(lock)
    }

    /// Returns it as indented JSON with a final newline.
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("texts and numbers always serialise");
        json.push(b'\n');
        json
    }
}

impl Deployed {
    /// Returns the build that a manifest describes; `None` where that says nothing of the role.
    pub fn of(manifest: &[u8]) -> Option<Self> {
        Some(Self { manifest: hex(&Sha256::digest(manifest)), role: Described::read(manifest)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_says_what_it_cannot_read() {
        let mut lock = Lock::default();
        let role = Described { cluster: "orders".to_owned(), ..Described::default() };
        let deployed = Deployed { manifest: "00".to_owned(), role };
        lock.deployed.insert("kafka".to_owned(), deployed);
        assert_eq!(Lock::parse(&lock.to_json()), Ok(lock));
        for (bad, said) in [
            ("", "EOF while parsing"),
            ("<<<<<<< HEAD\n", "line 1 column 1"),
            (r#"{"format":1,"deployd":{}}"#, "unknown field `deployd`"),
            (r#"{"format":9}"#, "format 9"),
        ] {
            let error = Lock::parse(bad.as_bytes()).expect_err(bad);
            assert!(error.contains(said), "{error}");
        }
    }
}
