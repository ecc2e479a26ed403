//! What is too big for user data even when compressed: published in S3, and the user data only points there.
//!
//! Its place is made from its digest, so that another content is another user data, and machines are replaced as they
//! are for any other change. Decides nothing: the formats ask for it.

use sha2::{Digest as _, Sha256, Sha512};

use crate::model::Assets;
use crate::output::hex;

/// A part that is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asset {
    /// Below the role's folder: `assets/SHA256/NAME`.
    pub(super) path: String,
    /// Where a machine finds it: `s3://BUCKET/PREFIX/SHA256/NAME`.
    pub(super) source: String,
    /// SHA-256 in hex.
    pub(super) sha256: String,
    /// SHA-512 in hex.
    pub(super) sha512: String,
    /// What it holds.
    pub(super) bytes: Vec<u8>,
}

/// The folder of all assets in a role's folder.
pub const FOLDER: &str = "assets";

impl Asset {
    /// Returns `bytes` as they are published below `place`.
    pub(super) fn new(place: &Assets, name: &str, bytes: Vec<u8>) -> Self {
        let sha256 = hex(&Sha256::digest(&bytes));
        Self {
            path: format!("{FOLDER}/{sha256}/{name}"),
            source: format!("{place}/{sha256}/{name}"),
            sha512: hex(&Sha512::digest(&bytes)),
            sha256,
            bytes,
        }
    }
}
