//! What the services of one node expand into: the bottom layer, which a profile can override by name.

use super::container::{Container, Task};
use super::host::FileSpec;
use super::machine::StackValue;
use super::membership::Membership;

/// The generated parts of one node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Containers, in the order they start.
    pub containers: Vec<Container>,
    /// Commands inside them.
    pub tasks: Vec<Task>,
    pub files: Vec<FileSpec>,
    /// Its seats in clusters.
    pub seats: Vec<Membership>,
    /// Kernel settings by name; a profile's own win.
    pub sysctl: Vec<(String, String)>,
    /// Values that a stack may give, as they are where there is none.
    pub late: Vec<StackValue>,
}
