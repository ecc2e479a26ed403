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

/// Returns the path that the name of a unit without its suffix stands for, as `systemd-escape --unescape --path` does.
pub fn unescape_path(name: &str) -> Option<String> {
    if name == "-" {
        return Some("/".to_owned());
    }
    let mut bytes = vec![b'/'];
    let mut rest = name.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'-' => b'/',
            b'\\' => {
                let hex: Vec<u8> = rest.by_ref().skip(1).take(2).collect();
                u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn names_read_back_as_the_path(parts in proptest::collection::vec("[^/\\x00]{1,12}", 0..5)) {
            let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| *part != ".").collect();
            let path = format!("/{}", parts.join("/"));
            let name = escape_path(&path);
            prop_assert!(name.is_ascii() && !name.contains('/'));
            prop_assert_eq!(unescape_path(&name), Some(path));
        }
    }

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
