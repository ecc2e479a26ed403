//! What is said of a finding in a shipped profile: no file of the user's holds it, so a copy is what can be edited.

use super::Diagnostic;
use crate::source::{Origin, SHIPPED, Sources};

/// Returns the help of a finding, with the command that makes a copy where the place is in a shipped profile.
pub(super) fn help(diagnostic: &Diagnostic, sources: &Sources) -> Option<String> {
    let own = diagnostic.help.clone();
    let file = diagnostic.primary.span.file;
    if sources.origin(file) != Origin::Shipped {
        return own;
    }
    let name = sources.name(file).strip_prefix(SHIPPED).unwrap_or_default();
    let role = name.split('/').next().unwrap_or_default();
    let copy = format!(
        "`cfgbuild init {role}` copies this shipped profile into the workspace, to be edited"
    );
    Some(own.map_or(copy.clone(), |own| format!("{own}; {copy}")))
}
