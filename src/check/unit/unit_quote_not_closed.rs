//! A command line of a unit has a quote that is never closed.
//!
//! # Why
//! systemd leaves out the whole line; a service whose only `ExecStart=` it is cannot be loaded.
//!
//! # Fix
//! Close the quote; a quote that is meant literally is written `\"` or `\'`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "unit-quote-not-closed", source: include_str!("unit_quote_not_closed.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.iter() {
        for place in &unit.open_quotes {
            let title = format!("a command of `{}` has a quote that is never closed", unit.name());
            let span = unit.span(view.sources, place.file, &place.range);
            diags.report_once(
                Diagnostic::error(CHECK.code, span, title, "systemd leaves out the whole line")
                    .help("close it, or write a backslash before it if it is meant literally"),
            );
        }
    }
}
