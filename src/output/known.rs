//! The second line of defence of secrets: whatever is about to be written is searched for the values that are known.
//!
//! The first line is that a value knows it is a secret. This one knows values only, so that it also finds what went a
//! way nobody thought of. It looks for a value as it is and in the encodings that back ends write; what is compressed
//! is searched before, where a machine still holds it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::diagnostic::Needles;

/// Shortest value that is searched for, in bytes: a shorter one is part of every other text.
const SHORTEST: usize = 4;
/// Shortest part of a value that stands for all of it, where characters around it may be written in another way.
const SHORTEST_PART: usize = 8;

/// Values that only the owner may read, in every encoding they are searched for in.
#[derive(Clone, Debug, Default)]
pub struct Known {
    needles: Needles,
    /// Those that are no word by chance.
    likely: Needles,
}

impl Known {
    /// Returns what is searched for, of values of secrets.
    pub fn new(secrets: &[String]) -> Self {
        let mut needles = BTreeSet::new();
        for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
            needles.insert(secret.clone());
            needles.extend(escaped(secret));
            needles.extend(base64(secret));
            // a line or a word that no format has to escape
            let odd = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
            let longest = secret.split(odd).max_by_key(|part| part.len()).unwrap_or_default();
            if longest.len() >= SHORTEST_PART {
                needles.insert(longest.to_owned());
            }
        }
        let mut known = Self::default();
        for needle in &needles {
            known.needles.insert(needle);
            if needle.len() >= SHORTEST_PART {
                known.likely.insert(needle);
            }
        }
        known
    }

    /// Returns whether there is nothing to search for.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// Returns whether a path has one of the values in it; only of those that are no word by chance.
    pub fn is_in_path(&self, path: &str) -> bool {
        self.likely.find(path, 0).is_some()
    }

    /// Returns whether bytes hold one of the values.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        if self.is_empty() {
            return false;
        }
        let text = String::from_utf8_lossy(bytes);
        let holds = |text: &str| self.needles.find(text, 0).is_some();
        holds(&text) || text.contains('%') && holds(&unpercented(&text))
    }
}

/// Returns a value as JSON and YAML write it inside quotes, once and as JSON inside JSON.
fn escaped(secret: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut text = secret.to_owned();
    for _ in 0..3 {
        let quoted = serde_json::to_string(&text).expect("a text always serialises");
        let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
        if inner == text {
            break;
        }
        inner.clone_into(&mut text);
        found.push(text.clone());
    }
    found
}

/// Returns the part of a value's base64 that is the same whatever stands before and behind it, for each of the three
/// places it can begin at.
fn base64(secret: &str) -> Vec<String> {
    (0..3)
        .filter_map(|before| {
            let mut bytes = vec![0; before];
            bytes.extend_from_slice(secret.as_bytes());
            // characters that also depend on a neighbour are left out
            let skipped = (before * 8).div_ceil(6);
            let kept = bytes.len() * 8 / 6;
            let text = BASE64_STANDARD.encode(&bytes);
            text.get(skipped..kept).filter(|text| text.len() >= SHORTEST).map(str::to_owned)
        })
        .collect()
}

/// Returns a text with its `%41` read.
fn unpercented(text: &str) -> Cow<'_, str> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(code) if *first == b'%' => {
                bytes.push(code);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_every_encoding_that_is_written() {
        let secret = "pa ss\"w/örd-x9$%";
        let known = Known::new(&[secret.to_owned()]);
        let json = serde_json::to_string(secret).expect("is text");
        let percent: Vec<String> = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let percent = percent.concat();
        let mut texts = vec![
            secret.to_owned(),
            json.clone(),
            serde_json::to_string(&json).expect("is text"),
            format!("data:,{percent}"),
        ];
        for before in ["", "a", "ab", "abc"] {
            for behind in ["", "x", "xy"] {
                texts.push(BASE64_STANDARD.encode(format!("{before}{secret}{behind}")));
            }
        }
        for text in texts {
            assert!(known.is_in(format!("before {text} behind").as_bytes()), "{text}");
        }
        for text in ["pa ss", "%zz%", "", "w/örd"] {
            assert!(!known.is_in(text.as_bytes()), "{text}");
        }
        assert!(Known::new(&["abc".to_owned()]).is_empty());
        let known = Known::new(&["$long-enough.part$".to_owned()]);
        assert!(known.is_in(b"$$long-enough.part$$"));
    }
}
