//! What a build may not become in one step, held against what runs.
//!
//! Each machine gets its config once, at its first boot: a change replaces machines one after another, and until the
//! last of them two builds run side by side. This room compares two descriptions and knows no service.

mod base;
mod leaving;
mod quorum;

use crate::diagnostic::Diagnostics;
use crate::model::Role;
use crate::output::described::Described;

pub use base::Base;

/// Findings of this room: `--accept` or `allow` lets each through.
pub const CODES: [&str; 2] = [leaving::CODE, quorum::CODE];

/// Reports what cannot go from one to the other in one step, unless its code is accepted.
pub fn check(
    base: &Base,
    after: &Described,
    role: &Role,
    accepted: &dyn Fn(&str) -> bool,
    diags: &mut Diagnostics,
) {
    let mut found = Diagnostics::new();
    quorum::check(base, after, role, &mut found);
    leaving::check(base, after, role, &mut found);
    for finding in found.into_findings().into_iter().filter(|finding| !accepted(finding.code)) {
        diags.report(finding);
    }
}
