//! What a build is held against.

use crate::output::described::Described;

/// What a build is held against.
#[derive(Clone, Debug)]
pub struct Base {
    /// The role as it was.
    pub role: Described,
    /// Where that is written, for people: "`cfgbuild.lock`".
    pub place: String,
}
