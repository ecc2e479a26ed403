//! The profiles that cfgbuild brings along: what a workspace does not have itself is looked for here.
//!
//! `build.rs` collects them from the folder `profiles/` of the repository, with all that lies beside them.

use crate::source::SHIPPED;

/// Every file, by its path below `profiles/`, sorted.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// Returns the folder of a shipped role, as its files are named.
pub(super) fn folder(role: &str) -> String {
    format!("{SHIPPED}{role}")
}

/// Returns the path of a file below the shipped profiles; nothing for one of a workspace.
pub(super) fn path(path: &str) -> Option<&str> {
    path.strip_prefix(SHIPPED)
}

/// Returns the names of the shipped roles, sorted.
pub fn shipped_roles() -> Vec<&'static str> {
    FILES.iter().filter_map(|(path, _)| path.strip_suffix("/profile.yaml")).collect()
}

/// Returns the files of a shipped role, by their path in its folder; none where it is not shipped.
pub fn shipped_files(role: &str) -> Vec<(&'static str, &'static [u8])> {
    let below = |(path, bytes): &(&'static str, &'static [u8])| {
        Some((path.strip_prefix(role)?.strip_prefix('/')?, *bytes))
    };
    FILES.iter().filter_map(below).collect()
}

/// Returns a file by its path below the shipped profiles.
pub(super) fn read(path: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(known, _)| *known == path).map(|(_, bytes)| *bytes)
}

/// Returns the names in a folder below the shipped profiles, sorted; none where there is no such folder.
pub(super) fn list(folder: &str) -> Vec<String> {
    let below = |(path, _): &(&str, _)| {
        let name = path.strip_prefix(folder)?.strip_prefix('/')?.split('/').next()?;
        Some(name.to_owned())
    };
    let mut names: Vec<String> = FILES.iter().filter_map(below).collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_role_is_found_with_what_lies_beside_it() {
        let roles = super::shipped_roles();
        assert!(roles.contains(&"base") && roles.is_sorted(), "{roles:?}");
        for role in roles {
            let names = super::list(role);
            assert!(names.contains(&"profile.yaml".to_owned()), "{role}: {names:?}");
            for (path, bytes) in super::shipped_files(role) {
                assert_eq!(super::read(&format!("{role}/{path}")), Some(bytes));
            }
        }
        assert_eq!(super::read("base"), None);
        assert!(super::list("bas").is_empty() && super::shipped_files("bas").is_empty());
    }
}
