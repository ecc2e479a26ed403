//! Secrets that a container reads as files: in memory on the host, one folder for each container.

use super::text::{PerNode, Text};
use crate::source::{Span, Spanned};

/// A secret that a container reads as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretFile {
    /// What the file is called on the host.
    pub name: Spanned<String>,
    /// All that the file holds, to the last byte.
    pub value: PerNode<Text>,
    /// Where the value is written.
    pub at: Span,
    /// Absolute path in the container.
    pub path: Spanned<String>,
    /// Permission bits.
    pub mode: u32,
    /// Numeric user and group; those of the container where `None`.
    pub user: Option<(u32, u32)>,
}

impl SecretFile {
    /// The folder of all of them, below `/run`; no lasting disk is there.
    const FOLDER: &str = "cfgbuild/secret-files";

    /// Returns the folder of a container's secrets, relative to `/run`, as `RuntimeDirectory=` takes it.
    pub fn runtime_directory(container: &str) -> String {
        format!("{}/{container}", Self::FOLDER)
    }

    /// Returns the folder of a container's secrets.
    pub(super) fn directory(container: &str) -> String {
        format!("/run/{}", Self::runtime_directory(container))
    }
}

/// Reads `UID[:GID]`, both numeric; the group is 0 where left out, as the engines have it. `None` where it is neither.
pub fn numeric_user(text: &str) -> Option<(u32, u32)> {
    // the last number stands for none in chown(2)
    let number = |text: &str| text.parse().ok().filter(|id| *id != u32::MAX);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (uid, gid) = text.split_once(':').unwrap_or((text, "0"));
    (digits(uid) && digits(gid)).then(|| Some((number(uid)?, number(gid)?)))?
}

#[cfg(test)]
mod tests {
    use super::numeric_user;

    #[test]
    fn users_are_numbers() {
        for (text, user) in [
            ("1000", Some((1000, 0))),
            ("1000:1001", Some((1000, 1001))),
            ("0:0", Some((0, 0))),
            ("4294967294", Some((4_294_967_294, 0))),
            ("4294967295", None),
            ("postgres", None),
            ("1000:postgres", None),
            ("1000:", None),
            ("+1", None),
            ("", None),
            ("1:2:3", None),
        ] {
            assert_eq!(numeric_user(text), user, "{text}");
        }
    }
}
