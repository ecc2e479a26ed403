//! The finding that user data cannot be read at all.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;

/// Reports why user data cannot be read.
pub(super) fn unreadable(span: Span, why: &str, diags: &mut Diagnostics) {
    let title = format!("cannot read the user data: {why}");
    diags
        .report(Diagnostic::error("user-data-not-read", span, title, "not read").help(
            "give Ignition, a cloud-config, a script, or a CloudFormation template with one",
        ));
}
