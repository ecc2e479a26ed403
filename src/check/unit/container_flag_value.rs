//! A flag of docker or podman has no value, or one that it does not take.
//!
//! # Why
//! Ports, sizes, limits, durations, mounts and numbers are read before anything is started. One that is none ends the
//! call with status 125: nothing runs, and with `Restart=` it is tried for ever. A few are refused by the daemon, a
//! moment later: policies of `--restart` are.
//!
//! Judged is what docker 20 to 29 and podman 4 and 5 refuse alike; a value with a variable in it is not.
//!
//! # Fix
//! Write the value as the help says. A flag at the end of the line has lost its value, and one before another flag has
//! taken that for its value.

use super::refused;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::MisreadKind;

pub(super) const CHECK: Check =
    Check { code: "container-flag-value", source: include_str!("container_flag_value.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    refused::each(view, |refused| {
        let MisreadKind::Value { flag, kind } = &refused.misread.kind else { return };
        let (called, written) = (refused.called(), &refused.misread.written);
        let title = if refused.misread.is_cut_short() {
            format!("`{flag}` of `{called}` has no value")
        } else {
            format!("`{flag}` of `{called}` does not take `{written}`")
        };
        refused.report(
            diags,
            Diagnostic::error(CHECK.code, refused.span(), title, &refused.misread.said),
            kind.shape(),
        );
    });
}
