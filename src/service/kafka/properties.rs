//! `server.properties` as `java.util.Properties` reads it, and the names Confluent's image makes of variables.

use std::fmt::Write;

use crate::model::{Piece, Text};

/// Returns a value as it must stand behind `=`; facts stay facts.
///
/// Kafka reads its file as Latin-1, so everything beyond ASCII is written in Java's escapes.
pub(super) fn value(text: &Text) -> Text {
    let mut escaped = Text::default().guarded(text.is_secret());
    for (index, piece) in text.pieces().iter().enumerate() {
        match piece {
            Piece::Literal(literal) => escaped.push_str(&escape(literal, index == 0)),
            Piece::Host(fact) => escaped.push_host(*fact),
            Piece::Stack(fact) => escaped.push_stack(*fact),
            Piece::Secret(source) => escaped.push_secret(source.clone()),
        }
    }
    escaped
}

/// Returns one line of the file.
pub(super) fn line(name: &str, value: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in escape(name, false).chars() {
        if matches!(c, '=' | ':' | ' ' | '#' | '!') {
            key.push('\\');
        }
        key.push(c);
    }
    format!("{key}={}\n", escape(value, true))
}

fn escape(text: &str, leading: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, c) in text.chars().enumerate() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0c' => out.push_str("\\f"),
            ' ' if leading && index == 0 => out.push_str("\\ "),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _infallible = write!(out, "\\u{unit:04X}");
                }
            }
        }
    }
    out
}

/// Returns the variable that Confluent's image turns into the property `name`; `None` where none can.
///
/// The image lowers the name, then reads `_` as `.`, `__` as `_` and `___` as `-`.
pub(super) fn variable(name: &str) -> Option<String> {
    let mut out = String::from("KAFKA_");
    let mut last_was_word = false;
    for c in name.chars() {
        let word = c.is_ascii_lowercase() || c.is_ascii_digit();
        match c {
            _ if word => out.push(c.to_ascii_uppercase()),
            // Two separators in a row would be read as one other.
            _ if !last_was_word => return None,
            '.' => out.push('_'),
            '_' => out.push_str("__"),
            '-' => out.push_str("___"),
            _ => return None,
        }
        last_was_word = word;
    }
    last_was_word.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (name, value, expected) in [
            ("a.b", "1", "a.b=1\n"),
            ("a", "", "a=\n"),
            ("a", " x y ", "a=\\ x y \n"),
            ("a b:c", "d=e:f#g", "a\\ b\\:c=d=e:f#g\n"),
            ("a", "C:\\x\n\"q\"", "a=C:\\\\x\\n\"q\"\n"),
            ("a", "ä😀", "a=\\u00E4\\uD83D\\uDE00\n"),
        ] {
            assert_eq!(line(name, value), expected);
        }
    }

    #[test]
    fn variables() {
        for (name, expected) in [
            ("min.insync.replicas", Some("KAFKA_MIN_INSYNC_REPLICAS")),
            (
                "listener.name.sasl_ssl.scram-sha-512.x",
                Some("KAFKA_LISTENER_NAME_SASL__SSL_SCRAM___SHA___512_X"),
            ),
            ("Upper", None),
            ("a._b", None),
            ("a.", None),
            ("", None),
            ("a b", None),
        ] {
            assert_eq!(variable(name).as_deref(), expected, "{name}");
        }
    }
}
