//! What looks like a secret in a text, so that no message ever shows it.
//!
//! Judges names and shapes only: AWS keys, private keys, and values given to names such as `…_PASSWORD`.

use std::borrow::Cow;
use std::ops::Range;

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// What it is for people: the name it is given to, or a shape such as "an AWS access key".
    pub what: String,
    /// Where its value is.
    pub range: Range<usize>,
    /// Whether the value is only a placeholder, as `<PASSWORD>`.
    pub is_placeholder: bool,
}

/// Words that make a variable's name that of a secret.
const WORDS: &[&str] =
    &["SECRET", "PASSWORD", "PASSWD", "PRIVATE_KEY", "API_KEY", "APIKEY", "ACCESS_KEY", "TOKEN"];

/// Parts of names that hold one of the words and no secret.
const HARMLESS: &[&str] = &[
    "CLUSTER_TOKEN",
    "AUTH_TOKEN",
    "DISCOVERY",
    "ACCESS_KEY_ID",
    "TOKEN_TTL",
    "TOKENS",
    "SECRETS",
];

/// Ends of names whose value says where the secret is.
const POINTERS: &[&str] =
    &["_FILE", "_PATH", "_DIR", "_NAME", "_ARN", "_URL", "_TYPE", "_LOCATION"];

/// Returns the secrets of a text, in order.
pub fn secrets(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    named(text, &mut found);
    access_keys(text, &mut found);
    private_keys(text, &mut found);
    found.sort_by_key(|secret| (secret.range.start, secret.range.end));
    found
}

/// Returns a text with every byte of a secret as `*`, so that places stay where they are.
pub fn mask(text: &str) -> Cow<'_, str> {
    let secrets = secrets(text);
    if secrets.iter().all(|secret| secret.is_placeholder) {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for secret in secrets.iter().filter(|secret| !secret.is_placeholder) {
        for byte in bytes.get_mut(secret.range.clone()).unwrap_or_default() {
            if *byte != b'\n' {
                *byte = b'*';
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(""), Cow::Owned)
}

/// Finds `NAME=value`, and `NAME: value` where the name is that of a variable.
fn named(text: &str, found: &mut Vec<Secret>) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    for (at, sign) in text.match_indices(['=', ':']) {
        let before = text.get(..at).unwrap_or("");
        let name = before.get(before.trim_end_matches(is_name).len()..).unwrap_or("");
        let upper = name.to_ascii_uppercase().replace('-', "_");
        let is_variable = sign == "=" || name.len() > 3 && name == upper;
        let names_secret = WORDS.iter().any(|word| upper.contains(word))
            && !HARMLESS.iter().any(|word| upper.contains(word))
            && !POINTERS.iter().any(|end| upper.ends_with(end));
        if !is_variable || !names_secret {
            continue;
        }
        let after = text.get(at + 1..).unwrap_or("");
        let blank = if sign == ":" { after.len() - after.trim_start_matches(' ').len() } else { 0 };
        let start = at + 1 + blank;
        let rest = text.get(start..).unwrap_or("");
        let (start, rest) = match rest.strip_prefix(['"', '\'']) {
            Some(rest) => (start + 1, rest),
            None => (start, rest),
        };
        let end =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).unwrap_or(rest.len());
        let value = rest.get(..end).unwrap_or("");
        // a reference, a template, a path or nothing is not the secret itself
        if value.is_empty() || value.starts_with(['$', '/', '%', '|']) || value.starts_with("{{") {
            continue;
        }
        let is_placeholder = value.starts_with('<') && value.ends_with('>');
        found.push(Secret { what: format!("`{name}`"), range: start..start + end, is_placeholder });
    }
}

/// Finds ids of AWS keys: they name the key and its owner.
fn access_keys(text: &str, found: &mut Vec<Secret>) {
    for prefix in ["AKIA", "ASIA"] {
        for (at, _) in text.match_indices(prefix) {
            let rest = text.get(at..).unwrap_or("");
            let length = rest
                .find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit()))
                .unwrap_or(rest.len());
            let is_apart =
                !text.get(..at).unwrap_or("").ends_with(|c: char| c.is_ascii_alphanumeric());
            if length == 20 && is_apart {
                let what = "an AWS access key".to_owned();
                found.push(Secret { what, range: at..at + length, is_placeholder: false });
            }
        }
    }
}

/// Finds private keys in PEM.
fn private_keys(text: &str, found: &mut Vec<Secret>) {
    for (at, mark) in text.match_indices("PRIVATE KEY-----") {
        let line = text.get(..at).and_then(|before| before.rsplit('\n').next()).unwrap_or("");
        if !line.contains("-----BEGIN") {
            continue;
        }
        let start = at + mark.len();
        let rest = text.get(start..).unwrap_or("");
        let end = rest.find("-----END").unwrap_or(rest.len());
        let what = "a private key".to_owned();
        found.push(Secret { what, range: start..start + end, is_placeholder: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden() {
        for (text, masked) in [
            ("-e DB_PASSWORD=geheim x", "-e DB_PASSWORD=****** x"),
            ("Environment=\"API_KEY=a b\"", "Environment=\"API_KEY=* b\""),
            ("  AWS_SECRET_ACCESS_KEY: abc\n", "  AWS_SECRET_ACCESS_KEY: ***\n"),
            ("AKIAIOSFODNN7EXAMPLE", "********************"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nab\n-----END",
                "-----BEGIN RSA PRIVATE KEY-----\n**\n-----END",
            ),
            ("--initial-cluster-token=a", "--initial-cluster-token=a"),
            ("PASSWORD_FILE=/run/x", "PASSWORD_FILE=/run/x"),
            ("TOKEN=$TOKEN", "TOKEN=$TOKEN"),
            ("SECRET=<SECRET>", "SECRET=<SECRET>"),
            ("token: abc", "token: abc"),
        ] {
            assert_eq!(mask(text), masked);
        }
    }
}
