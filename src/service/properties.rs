//! Text as `java.util.Properties` reads it.
//!
//! It takes its file for Latin-1, so everything beyond ASCII is written in Java's escapes.

use std::fmt::Write as _;

use crate::model::{Piece, Text};

/// Returns a value as it must stand behind `=`; facts stay facts.
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

/// Returns a name as it must stand before `=`.
pub(super) fn name(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in escape(name, false).chars() {
        if matches!(c, '=' | ':' | ' ' | '#' | '!') {
            key.push('\\');
        }
        key.push(c);
    }
    key
}

/// Returns one line of a file.
pub(super) fn line(name: &str, value: &str) -> String {
    format!("{}={}\n", self::name(name), escape(value, true))
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
}
