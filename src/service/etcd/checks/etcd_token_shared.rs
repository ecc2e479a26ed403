//! Two roles are given one discovery token.
//!
//! # Why
//! A token is of one cluster and of its size: whoever registers first is a member, and the others end, or come up as
//! proxies that hold nothing. Of two clusters of three with one token a single cluster of three is formed, of whichever
//! machines were the fastest.
//!
//! # Fix
//! Make a token for each role with `cfgbuild token new ROLE`. A value for one role stands below its name in
//! `cfgbuild.yaml`.

use super::super::section::Etcd;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};

pub(super) const CHECK: Check =
    Check { code: "etcd-token-shared", source: include_str!("etcd_token_shared.rs"), run };

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(etcd) = Etcd::of(seen) else { return };
    for taken in seen.taken(CHECK.code, &etcd.path).filter(|taken| !taken.is_family) {
        let title = format!("{} has the discovery token of this etcd too", taken.whose(seen.role));
        let label = "one token forms one cluster";
        let found = Diagnostic::error(CHECK.code, taken.span, title, label);
        diags.report(taken.shown(found).help(format!(
            "make a token of its own with `cfgbuild token new {}`, for the one that does not run yet",
            seen.role.name
        )));
    }
}
