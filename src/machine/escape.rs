//! Names of units that stand for paths, as `systemd-escape --path` makes them.

use std::fmt::Write as _;

/// Returns a path as the name of its unit, without the suffix.
///
/// `/var/lib/kafka-data` becomes `var-lib-kafka\x2ddata`; `/` is `-`. Double and trailing slashes do not count.
pub fn escape_path(path: &str) -> String {
    let mut name = String::with_capacity(path.len());
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if !name.is_empty() {
            name.push('-');
        }
        for byte in part.bytes() {
            let leading_dot = byte == b'.' && name.is_empty();
            if !leading_dot && (byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'.'))
            {
                name.push(char::from(byte));
            } else {
                write!(name, "\\x{byte:02x}").expect("a String takes all that is written");
            }
        }
    }
    if name.is_empty() { "-".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_systemd_escape_writes_them() {
        for (path, name) in [
            ("/var/lib/kafka", "var-lib-kafka"),
            ("/var/lib/kafka-data", "var-lib-kafka\\x2ddata"),
            ("/dev/disk/by-label/a_b:c", "dev-disk-by\\x2dlabel-a_b:c"),
            ("/", "-"),
            ("//a///b//", "a-b"),
            ("/.hidden/.too", "\\x2ehidden-.too"),
            ("/größe/a b", "gr\\xc3\\xb6\\xc3\\x9fe-a\\x20b"),
            ("/a\\b@c", "a\\x5cb\\x40c"),
        ] {
            assert_eq!(escape_path(path), name);
        }
    }
}
