//! Finds what must not be read by everybody in a text: keys of AWS, private keys, passwords.
//!
//! Knows shapes, not meanings: a reference such as `$PASSWORD` or `/run/secrets/password` is no secret.

/// A secret in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    /// What it is, as in "a private key".
    pub(super) what: &'static str,
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
}

/// What a private key is called.
pub(super) const PRIVATE_KEY: &str = "a private key";

/// Ends of names whose values are secrets.
const NAMES: [&str; 9] = [
    "password",
    "passphrase",
    "passwd",
    "secret",
    "secret_key",
    "secret_access_key",
    "api_key",
    "access_token",
    "auth_token",
];

/// Returns the secrets of a text, in order.
pub(super) fn find(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let secret = private_key(line).or_else(|| access_key(line)).or_else(|| assignment(line));
        found.extend(secret.map(|secret| Secret {
            start: secret.start + offset,
            end: secret.end + offset,
            ..secret
        }));
        offset += line.len();
    }
    found
}

/// Returns the secret that the value of a setting of this name is, if it is one.
pub(super) fn of_setting(name: &str, value: &str) -> Option<Secret> {
    let whole = Secret { what: "a password", start: 0, end: value.len() };
    if is_secret_name(name) && is_value(value) {
        return Some(whole);
    }
    find(value).first().copied()
}

/// `-----BEGIN … PRIVATE KEY-----`.
fn private_key(line: &str) -> Option<Secret> {
    let start = line.find("-----BEGIN ")?;
    let end = start + line.get(start..)?.find("PRIVATE KEY")? + "PRIVATE KEY-----".len();
    Some(Secret { what: PRIVATE_KEY, start, end: end.min(line.trim_end().len()) })
}

/// `AKIA` or `ASIA` and 16 capitals and digits, alone.
fn access_key(line: &str) -> Option<Secret> {
    let word = |c: char| c.is_ascii_alphanumeric();
    let mut offset = 0;
    for run in line.split(|c: char| !word(c)) {
        let fits = run.len() == 20
            && (run.starts_with("AKIA") || run.starts_with("ASIA"))
            && run.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        // AWS's manuals use this one for an example.
        if fits && !run.ends_with("EXAMPLE") {
            return Some(Secret {
                what: "an AWS access key",
                start: offset,
                end: offset + run.len(),
            });
        }
        let after = line.get(offset + run.len()..)?.chars().next().map_or(0, char::len_utf8);
        offset += run.len() + after;
    }
    None
}

/// `…password=value`, `"password": "value"`.
fn assignment(line: &str) -> Option<Secret> {
    let comment = line.trim_start().starts_with(['#', ';']);
    if comment {
        return None;
    }
    for (at, sign) in line.match_indices(['=', ':']) {
        let (before, after) = (line.get(..at)?, line.get(at + 1..)?);
        let quoted = before.trim_end().ends_with(['"', '\'']);
        let name = before.trim_end().trim_end_matches(['"', '\'']);
        let name_start = name.rfind(|c: char| !is_name(c)).map_or(0, |at| at + 1);
        let name = name.get(name_start..)?;
        // `passwd: files` of nsswitch.conf is none.
        if !is_secret_name(name) || sign == ":" && !quoted && name.eq_ignore_ascii_case("passwd") {
            continue;
        }
        let skip = after.len() - after.trim_start().len();
        let value = after.trim();
        let (open, value) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                (1, value.get(1..)?.split(quote).next().unwrap_or_default())
            }
            _ => (0, value.split([' ', ',', ';', '}', '"', '\'']).next().unwrap_or_default()),
        };
        if is_value(value) {
            let start = at + 1 + skip + open;
            return Some(Secret { what: "a password", start, end: start + value.len() });
        }
    }
    None
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '.'], "_");
    NAMES.iter().any(|end| name.ends_with(end))
}

/// Tells a value from nothing, a reference, a path, a placeholder and a switch.
fn is_value(value: &str) -> bool {
    let words = ["true", "false", "yes", "no", "none", "null", "on", "off", "prompt", "xxx"];
    value.len() >= 3
        && !value.starts_with(['$', '%', '<', '/', '{', '*', '@', '!', '&', '|'])
        && !value.starts_with("file:")
        && !value.starts_with("arn:")
        && !value.starts_with("ssm:")
        && !value.starts_with("secretsmanager:")
        && !value.starts_with("host.")
        && !words.contains(&value.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_secrets_and_nothing_else() {
        let key = format!("AKIA{}", "ABCDEFGH12345678");
        for (text, expected) in [
            (format!("key {key}"), key.as_str()),
            ("-----BEGIN RSA PRIVATE KEY-----\nMII".to_owned(), "-----BEGIN RSA PRIVATE KEY-----"),
            ("ssl.keystore.password=hunter22".to_owned(), "hunter22"),
            ("{\"password\": \"hun ter\"}".to_owned(), "hun ter"),
            ("login required username=\"a\" password=\"hunter2\";".to_owned(), "hunter2"),
            ("-e SECRET_KEY=abcdef -e B=1".to_owned(), "abcdef"),
            ("a\nDB_PASSWORD: topsecret\n".to_owned(), "topsecret"),
        ] {
            let found: Vec<&str> = find(&text)
                .iter()
                .filter_map(|secret| text.get(secret.start..secret.end))
                .collect();
            assert_eq!(found, [expected], "{text}");
        }
        for text in [
            "PasswordAuthentication no",
            "passwd: files sss",
            "password=$PASSWORD",
            "PASSWORD_FILE=/run/secrets/a",
            "password=/etc/a",
            "password=",
            "# password=abc",
            "--password=${PASSWORD}",
            "-----BEGIN CERTIFICATE-----",
            "AKIAABCDEFGH12345678Z",
            "password: {{vars.password}}",
            "password=ssm:/kafka/password",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
        assert!(of_setting("DB_PASSWORD", "hunter2").is_some());
        assert!(of_setting("DB_PASSWORD_FILE", "/run/secrets/db").is_none());
    }
}
