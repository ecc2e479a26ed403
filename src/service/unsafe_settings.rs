//! Settings that a server takes and that give away what its cluster is run for.

use super::written::Settings;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Edit, Span};

/// A setting, whether a value of it is unsafe, and what comes of it.
pub(super) type Unsafe = (&'static str, fn(&str) -> bool, &'static str);

/// What a place with an unsafe value is called.
pub(super) const LABEL: &str = "not for a cluster that is relied on";

/// Reports those that are written with an unsafe value, on whichever node, as what `warning` makes of place and title.
pub(super) fn report(
    all: &[Unsafe],
    config: &Settings,
    warning: fn(Span, String) -> Diagnostic,
    diags: &mut Diagnostics,
) {
    for (name, is_unsafe, comes) in all {
        let Some(said) = config.get(*name) else { continue };
        let mut values = said.value.all().iter().filter_map(|text| text.plain()).map(str::trim);
        if values.any(is_unsafe) {
            let title = format!("`{name}` is not safe like this: {comes}");
            diags.report(
                warning(said.span, title)
                    .help(format!("remove `{name}`"))
                    .edit(Edit::remove(said.span)),
            );
        }
    }
}
