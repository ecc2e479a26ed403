//! What several checks of a role ask of its values.

use crate::check::Facts;
use crate::model::Container;
use crate::source::{Sources, Span};

/// Returns every container of the role once: what services expand into on the first node, then the profile's own.
pub(super) fn containers<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Container> {
    let parts = facts.parts.first().map(|parts| parts.containers.as_slice()).unwrap_or_default();
    parts.iter().chain(&facts.role.containers)
}

/// Returns whether a value is cfgbuild's own default, and so no place to fix anything.
pub(super) fn is_default(facts: &Facts<'_>, span: Span) -> bool {
    span.file == Sources::BUILTIN || facts.sources.name(span.file) == "cfgbuild's defaults"
}
