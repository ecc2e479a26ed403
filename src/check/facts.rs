//! What a check of a role sees.

use crate::diagnostic::{self, Diagnostics};
use crate::model::machine::Machine;
use crate::model::{Parts, Role};
use crate::service::{Services, Taken};
use crate::source::{Sources, Span};

/// What a check of a role sees.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// All texts, to find places inside values.
    pub sources: &'a Sources,
    pub role: &'a Role,
    pub services: &'a Services,
    /// What the services expanded into, per node.
    pub parts: &'a [Parts],
    /// The machines, per node.
    pub machines: &'a [Machine],
    /// Values of `secret` variables.
    pub secrets: &'a [String],
    /// Variables of type `secret` whose value stands in a profile, with its place.
    pub secret_defaults: &'a [(String, Span)],
    /// What other roles of the workspace claim too.
    pub taken: &'a [Taken],
}

/// A check of a role.
pub type Check = diagnostic::Check<fn(&Facts<'_>, &mut Diagnostics)>;
