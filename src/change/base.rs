//! What a build is held against.

use crate::output::described::Described;

/// What a build is held against.
#[derive(Clone, Debug)]
pub struct Base {
    /// The role as it was.
    pub role: Described,
    /// Where that is written, for people: "`cfgbuild.lock`".
    pub place: String,
}

/// Returns names as a list for people.
pub(super) fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
