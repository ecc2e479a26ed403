//! How a member leaves its cluster for good: what a person does, in order. Nothing here happens by itself.
//!
//! Each step has been gone through by `tests/reference/run members leave`.

use crate::model::{Node, Role};
use crate::os;

/// What is done around the one moment at which the machine is shut down: its units want each other, so that stopping a
/// single one of them does not last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goodbye {
    /// While it still runs.
    pub before: Vec<Farewell>,
    /// Once it is off.
    pub after: Vec<Farewell>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Farewell {
    /// What is done, and where: a sentence without its full stop.
    pub what: String,
    /// The commands, in order; none where there is nothing to type.
    pub commands: Vec<String>,
}

impl Farewell {
    pub(super) fn new(what: impl Into<String>, commands: impl IntoIterator<Item = String>) -> Self {
        Self { what: what.into(), commands: commands.into_iter().collect() }
    }
}

/// Returns a node that stays, where steps are carried out that another must; `None` where nobody does.
pub(super) fn stayer<'a>(role: &'a Role, gone: &Node) -> Option<&'a Node> {
    role.nodes.iter().find(|node| node.leaving.is_none() && node.name != gone.name)
}

/// Returns the client of the role's container runtime, as one types it.
pub(super) fn client(role: &Role) -> &'static str {
    os::table(role.target.os.value).runtime.name()
}
