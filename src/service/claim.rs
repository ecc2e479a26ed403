//! A thing that only one of all services of a workspace may have, and who has it too.

use crate::diagnostic::Diagnostic;
use crate::model::Role;
use crate::source::Span;

/// The code of two machines of one id in one cluster.
pub const NODE_ID: &str = "node-id-shared";

/// The code of two roles that reboot in the same minute, where one needs the other.
pub const UPDATE_WINDOW: &str = "update-window-shared";

/// Something that nobody else may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The code of what is reported where another has it too.
    pub code: &'static str,
    /// What is claimed. Two claims of one code and one text exclude each other.
    pub what: String,
    pub span: Span,
}

/// A claim of a role that another claims too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The code of the claim.
    pub code: &'static str,
    /// What is claimed.
    pub what: String,
    /// The service that claims it, by its place in the profile; empty for the role itself.
    pub path: String,
    pub span: Span,
    /// The other role, which may be the same one.
    pub role: String,
    /// The service there.
    pub their_path: String,
    /// Where the other is written.
    pub there: Span,
    /// Whether both say that they belong to one cluster.
    pub is_one_cluster: bool,
    /// Whether one of the roles extends the other, which may be there for that alone.
    pub is_family: bool,
}

impl Taken {
    /// Returns who has it, seen from a role.
    pub fn whose(&self, seen_from: &Role) -> String {
        if self.role == seen_from.name {
            format!("`{}`", self.their_path)
        } else {
            format!("`{}` of role `{}`", self.their_path, self.role)
        }
    }

    /// Adds the other place, which is the same one where two roles have it from one parent.
    pub fn shown(&self, found: Diagnostic) -> Diagnostic {
        if self.there == self.span { found } else { found.related(self.there, "the other one") }
    }
}
