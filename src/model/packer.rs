//! What a profile says of the image that Packer makes of its role.

use serde_json::Value;

use crate::source::Spanned;

/// A provisioner of Packer, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provisioner {
    /// Its type, as `shell` or `chef-solo`.
    pub kind: Spanned<String>,
    /// Its settings; Packer knows them, we do not.
    pub settings: Vec<(String, Value)>,
    /// Whether a setting holds a secret.
    pub secret: bool,
}
