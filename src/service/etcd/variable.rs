//! The variables that etcd reads as flags.

const PREFIX: &str = "ETCD_";

/// Returns the flag that a variable means; `None` for a variable of something else.
pub(super) fn flag(variable: &str) -> Option<String> {
    Some(variable.strip_prefix(PREFIX)?.to_ascii_lowercase().replace('_', "-"))
}

/// Returns the variable that means a flag: [`flag`], read back.
pub(super) fn of(flag: &str) -> String {
    format!("{PREFIX}{}", flag.to_ascii_uppercase().replace('-', "_"))
}
