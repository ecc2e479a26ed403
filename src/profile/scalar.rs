//! Scalars as people write them: sizes, durations, modes, booleans.
//!
//! Each reads a whole text or nothing. YAML's own guesses are not used: `no`, `0644` and `1_000` mean what they say
//! here.

use std::net::Ipv4Addr;

use crate::model::SecretSource;

/// Reads `true` or `false`, nothing else.
pub fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Reads where a secret is fetched from: `ssm:NAME`, `secretsmanager:NAME` or `secretsmanager:NAME#KEY`.
pub fn secret_source(text: &str) -> Option<SecretSource> {
    let (store, name) = text.split_once(':')?;
    let word = |extra: &'static str| move |c: char| c.is_ascii_alphanumeric() || extra.contains(c);
    let is_name = |name: &str| !name.is_empty() && !name.starts_with('-') && name.len() <= 2_048;
    match store {
        "ssm" => {
            let fits = is_name(name) && name.chars().all(word("/._-:"));
            fits.then(|| SecretSource::Parameter(name.to_owned()))
        }
        "secretsmanager" => {
            let (id, key) = match name.split_once('#') {
                Some((id, key)) => (id, Some(key.to_owned())),
                None => (name, None),
            };
            let is_key = |key: &String| !key.is_empty() && !key.chars().any(char::is_control);
            let fits = is_name(id) && id.chars().all(word("/_+=.@-:"));
            (fits && key.as_ref().is_none_or(is_key))
                .then(|| SecretSource::Secret { id: id.to_owned(), key })
        }
        _ => None,
    }
}

/// Reads a whole number without sign, separators or leading zeros.
pub fn integer(text: &str) -> Option<u64> {
    let fits = !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    fits.then(|| text.parse().ok()).flatten()
}

/// Reads an amount of memory or storage in bytes: `512MiB`, `2GiB`, `500GB`; a bare number is not one.
pub fn bytes(text: &str) -> Option<u64> {
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(split);
    let factor: u64 = match unit {
        "KiB" | "Ki" => 1 << 10,
        "MiB" | "Mi" | "m" | "M" => 1 << 20,
        "GiB" | "Gi" | "g" | "G" => 1 << 30,
        "TiB" | "Ti" => 1 << 40,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        _ => return None,
    };
    integer(number)?.checked_mul(factor).filter(|bytes| *bytes > 0)
}

/// Reads a duration in seconds: `90s`, `15min`, `1h`, `7d`, `1h30min`.
pub fn seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number = integer(rest.get(..digits)?)?;
        rest = rest.get(digits..)?;
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let factor = match rest.get(..letters)? {
            "s" | "sec" => 1,
            "min" | "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(factor)?)?;
        rest = rest.get(letters..)?;
    }
    (!text.is_empty()).then_some(total)
}

/// Reads the minutes after midnight of `HH:MM`.
pub fn clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |part: &str| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Reads the first two numbers of a version: `3.9` or `3.9.1`.
pub fn version(text: &str) -> Option<(u32, u32)> {
    let number = |part: &str| {
        let fits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse().ok()).flatten()
    };
    let numbers: Option<Vec<u32>> = text.split('.').map(number).collect();
    match numbers?.as_slice() {
        [major, minor] | [major, minor, _] => Some((*major, *minor)),
        _ => None,
    }
}

/// What a file mode can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Octal beyond doubt.
    Octal(u32),
    /// Digits without a prefix: this if octal was meant, or the decimal number itself.
    Doubtful {
        /// Read as octal digits.
        as_octal: Option<u32>,
        /// Read as a decimal number.
        as_decimal: u32,
    },
}

/// Reads file permissions: `0644`, `0o644` and `"0644"` mean the same; digits alone are doubtful unless quoted.
pub fn mode(text: &str, quoted: bool) -> Option<Mode> {
    let octal = |digits: &str| {
        let fits =
            (3..=4).contains(&digits.len()) && digits.bytes().all(|b| (b'0'..=b'7').contains(&b));
        fits.then(|| u32::from_str_radix(digits, 8).ok()).flatten()
    };
    if let Some(digits) = text.strip_prefix("0o") {
        return octal(digits.strip_prefix('0').filter(|d| d.len() >= 3).unwrap_or(digits))
            .map(Mode::Octal);
    }
    if let Some(digits) = text.strip_prefix('0') {
        return octal(digits).map(Mode::Octal);
    }
    if quoted {
        return octal(text).map(Mode::Octal);
    }
    let as_decimal = integer(text)
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| *number <= 0o7777)?;
    Some(Mode::Doubtful { as_octal: octal(text), as_decimal })
}

/// Longest path and longest part of one, in bytes: `PATH_MAX` counts the zero behind it.
const MAX_PATH: usize = 4_095;
const MAX_PART: usize = 255;

/// Returns whether a text is an absolute path without `.`, `..`, empty parts or a slash at the end, as long as Linux
/// takes paths.
pub fn is_clean_path(text: &str) -> bool {
    text == "/"
        || text.strip_prefix('/').is_some_and(|rest| {
            rest.split('/').all(|part| !matches!(part, "" | "." | "..") && part.len() <= MAX_PART)
                && text.len() <= MAX_PATH
                && is_line(text)
        })
}

/// Returns whether a text is a single line for every reader: no control character, none of the line ends that only some
/// know, as YAML 1.1 does, and nothing at its ends that readers of lines take away: blanks, and a backslash before the
/// line end.
pub fn is_line(text: &str) -> bool {
    !text.starts_with(' ')
        && !text.ends_with([' ', '\\'])
        && !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// Returns whether a text is a word that no reader takes apart: no blanks, quotes and backslashes.
pub fn is_token(text: &str) -> bool {
    !text.is_empty()
        && is_line(text)
        && !text.chars().any(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'))
}

/// Returns whether a text is an http or https URL with a host and nothing that ends a word.
pub fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or("");
        !host.is_empty()
            && host.chars().all(|c| {
                c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']' | '@')
            })
            && rest.chars().all(|c| {
                c.is_ascii_graphic()
                    && !matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '|' | '}')
            })
    })
}

/// Returns the IPv4 network that an address with a prefix length lies in, as `10.0.0.0/8`; a bare address is one of 32.
pub fn network(text: &str) -> Option<String> {
    let (address, length) = text.split_once('/').unwrap_or((text, "32"));
    let address: Ipv4Addr = address.parse().ok()?;
    let length = length.parse::<u32>().ok().filter(|length| *length <= 32)?;
    let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
    Some(format!("{}/{length}", Ipv4Addr::from(u32::from(address) & mask)))
}

/// Returns whether a text is a DNS name or an IPv4 address.
pub fn is_host(text: &str) -> bool {
    // what is all numbers is read as an address, never asked for as a name
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return text.parse::<Ipv4Addr>().is_ok();
    }
    text.len() <= 253
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks() {
        for (text, lies_in) in [
            ("10.0.0.0/8", Some("10.0.0.0/8")),
            ("10.1.2.3/8", Some("10.0.0.0/8")),
            ("192.0.2.7", Some("192.0.2.7/32")),
            ("1.2.3.4/0", Some("0.0.0.0/0")),
            ("10.0.0.0/33", None),
            ("10.0.0/8", None),
            ("10.0.0.0/+8", Some("10.0.0.0/8")),
            ("::/0", None),
        ] {
            assert_eq!(network(text).as_deref(), lies_in, "{text}");
        }
    }

    #[test]
    fn modes() {
        for (text, quoted, expected) in [
            ("0644", false, Some(Mode::Octal(0o644))),
            ("0o644", false, Some(Mode::Octal(0o644))),
            ("0o0644", false, Some(Mode::Octal(0o644))),
            ("0644", true, Some(Mode::Octal(0o644))),
            ("644", true, Some(Mode::Octal(0o644))),
            ("420", false, Some(Mode::Doubtful { as_octal: Some(0o420), as_decimal: 420 })),
            ("493", false, Some(Mode::Doubtful { as_octal: None, as_decimal: 493 })),
            ("01777", false, Some(Mode::Octal(0o1777))),
            ("0888", false, None),
            ("rw-r--r--", false, None),
            ("99999", false, None),
        ] {
            assert_eq!(mode(text, quoted), expected, "{text}");
        }
    }

    #[test]
    fn amounts() {
        for (text, expected) in [
            ("2GiB", Some(2 << 30)),
            ("500GB", Some(500_000_000_000)),
            ("2", None),
            ("2 GiB", None),
            ("0GiB", None),
        ] {
            assert_eq!(bytes(text), expected, "{text}");
        }
        for (text, expected) in
            [("90s", Some(90)), ("1h30min", Some(5400)), ("", None), ("5", None), ("1y", None)]
        {
            assert_eq!(seconds(text), expected, "{text}");
        }
        assert_eq!(clock("04:30"), Some(270));
        assert_eq!(clock("24:00"), None);
        assert_eq!(clock("+4:+5"), None);
        assert_eq!(integer("1_000"), None);
        assert_eq!(integer("007"), None);
    }

    #[test]
    fn paths_and_names() {
        assert!(is_clean_path("/var/lib/kafka"));
        let (part, path) = (format!("/{}", "a".repeat(256)), "/a".repeat(2_048));
        for bad in ["var", "/var/", "/var//a", "/a/../b", "", "/a\0", "/a\r", &part, &path] {
            assert!(!is_clean_path(bad), "{bad}");
        }
        assert!(is_clean_path(&part[..256]) && is_clean_path(&format!("{}b", &path[..4_094])));
        assert!(is_url("https://discovery.etcd.io/0123"));
        for bad in ["https://discovery.etcd.io/<token>", "ftp://a", "https://", "http://a b"] {
            assert!(!is_url(bad), "{bad}");
        }
        assert!(is_host("kafka-1.kafka.internal") && is_host("10.1.1.10"));
        assert!(!is_host("999.1.1.1") && !is_host("1.2.3") && !is_host("01.2.3.4"));
        assert!(!is_host("a_b") && !is_host("") && !is_host("a..b"));
    }
}
