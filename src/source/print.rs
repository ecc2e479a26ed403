//! The strictest YAML that is still readable: what every reader, YAML 1.1 or 1.2, takes for the same document.
//!
//! Every library's own output is misread by some reader, so this is ours. A text is plain where no reader could take it for anything else, a
//! literal block where it has lines and no trap, and in double quotes otherwise.

use std::fmt::Write as _;

/// A document or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yaml<'a> {
    /// A string.
    Text(String),
    /// A number, a boolean or null, as it is written.
    Literal(String),
    /// A list.
    List(Vec<Yaml<'a>>),
    /// A map in this order.
    Map(Vec<(&'a str, Yaml<'a>)>),
}

/// Words that some reader takes for a boolean or for null.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Returns a document with a final newline.
pub fn print_yaml(document: &Yaml<'_>) -> String {
    let mut out = String::new();
    match document {
        Yaml::Map(entries) if !entries.is_empty() => map(&mut out, entries, 0, false),
        Yaml::List(items) if !items.is_empty() => list(&mut out, items, 0),
        Yaml::Text(_) | Yaml::Literal(_) | Yaml::List(_) | Yaml::Map(_) => {
            value(&mut out, document, 0);
        }
    }
    out
}

fn map(out: &mut String, entries: &[(&str, Yaml<'_>)], indent: usize, on_dash_line: bool) {
    for (at, (key, node)) in entries.iter().enumerate() {
        if at > 0 || !on_dash_line {
            blanks(out, indent);
        }
        if is_plain(key) {
            out.push_str(key);
        } else {
            quoted(out, key);
        }
        out.push(':');
        match node {
            Yaml::List(items) if !items.is_empty() => {
                out.push('\n');
                list(out, items, indent + 2);
            }
            Yaml::Map(entries) if !entries.is_empty() => {
                out.push('\n');
                map(out, entries, indent + 2, false);
            }
            Yaml::Text(_) | Yaml::Literal(_) | Yaml::List(_) | Yaml::Map(_) => {
                out.push(' ');
                value(out, node, indent);
            }
        }
    }
}

fn list(out: &mut String, items: &[Yaml<'_>], indent: usize) {
    for node in items {
        blanks(out, indent);
        out.push('-');
        match node {
            Yaml::List(items) if !items.is_empty() => {
                out.push('\n');
                list(out, items, indent + 2);
            }
            Yaml::Map(entries) if !entries.is_empty() => {
                out.push(' ');
                map(out, entries, indent + 2, true);
            }
            Yaml::Text(_) | Yaml::Literal(_) | Yaml::List(_) | Yaml::Map(_) => {
                out.push(' ');
                value(out, node, indent);
            }
        }
    }
}

/// Writes what fits behind a key or a dash, with the newline that ends it.
fn value(out: &mut String, node: &Yaml<'_>, indent: usize) {
    match node {
        Yaml::Literal(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Yaml::List(_) => out.push_str("[]\n"),
        Yaml::Map(_) => out.push_str("{}\n"),
        Yaml::Text(text) if is_plain(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Yaml::Text(text) if is_block(text) => block(out, text, indent + 2),
        Yaml::Text(text) => {
            quoted(out, text);
            out.push('\n');
        }
    }
}

fn blanks(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

/// Tells whether a text can stand bare: a word, a path or a unit name that is no number, boolean, null or date.
fn is_plain(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-'))
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Tells whether a text can be a literal block that every reader cuts the same way.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && text.chars().all(|c| c == '\n' || c == '\t' || is_printable(c))
        && text.split('\n').all(|line| line.is_empty() || !line.chars().all(char::is_whitespace))
}

fn block(out: &mut String, text: &str, indent: usize) {
    out.push_str(match text.strip_suffix('\n') {
        None => "|-\n",
        Some(rest) if rest.ends_with('\n') => "|+\n",
        Some(_) => "|\n",
    });
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            blanks(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            // All that is not printable lies in the basic plane. Writing to a `String` cannot fail.
            c => drop(write!(out, "\\u{:04X}", u32::from(c))),
        }
    }
    out.push('"');
}

/// Tells whether a reader takes a character as it is; YAML 1.1 counts U+0085, U+2028 and U+2029 as line ends.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}'
        | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::{Kind, Sources, parse};

    fn text(text: &str) -> Yaml<'static> {
        Yaml::Text(text.to_owned())
    }

    #[test]
    fn each_text_takes_its_form() {
        let cases = [
            ("kafka-1.service", "kafka-1.service\n"),
            ("/etc/kafka", "/etc/kafka\n"),
            ("No", "\"No\"\n"),
            ("0644", "\"0644\"\n"),
            ("12:30", "\"12:30\"\n"),
            ("", "\"\"\n"),
            ("a b", "\"a b\"\n"),
            ("a\nb\n", "|\n  a\n  b\n"),
            ("a\n\nb", "|-\n  a\n\n  b\n"),
            ("a\n\n", "|+\n  a\n\n"),
            ("a\n \nb", "\"a\\n \\nb\"\n"),
            (" a\nb", "\" a\\nb\"\n"),
            ("\n", "\"\\n\"\n"),
            ("a\r\nb", "\"a\\r\\nb\"\n"),
            ("a\u{85}\u{0}ü", "\"a\\u0085\\u0000ü\"\n"),
        ];
        for (value, written) in cases {
            assert_eq!(print_yaml(&text(value)), written, "{value:?}");
        }
    }

    #[test]
    fn nests() {
        let document = Yaml::Map(vec![
            (
                "a",
                Yaml::List(vec![
                    text("x"),
                    Yaml::Map(vec![("b", Yaml::Literal("true".to_owned())), ("c", text("1\n2\n"))]),
                ]),
            ),
            ("d", Yaml::Map(vec![("e", Yaml::List(vec![])), ("f", Yaml::Map(vec![]))])),
        ]);
        let written = "a:\n  - x\n  - b: true\n    c: |\n      1\n      2\nd:\n  e: []\n  f: {}\n";
        assert_eq!(print_yaml(&document), written);
    }

    fn hostile() -> impl Strategy<Value = String> {
        let pieces = prop_oneof![
            Just("\n".to_owned()),
            Just(" ".to_owned()),
            Just("\t".to_owned()),
            Just("- ".to_owned()),
            Just(": ".to_owned()),
            Just("#".to_owned()),
            Just("---\n".to_owned()),
            Just("\u{2028}".to_owned()),
            Just("\u{1f600}".to_owned()),
            Just("no".to_owned()),
            "[ -~]{0,4}",
            "\\PC{0,2}",
            any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn another_reader_sees_the_same_texts(first in hostile(), second in hostile()) {
            let document = Yaml::List(vec![text(&first), Yaml::Map(vec![("k", text(&second)), ("l", text("x"))])]);
            let read: serde_yaml::Value = serde_yaml::from_str(&print_yaml(&document)).expect("is YAML");
            prop_assert_eq!(read.get(0).and_then(serde_yaml::Value::as_str), Some(first.as_str()));
            let map = read.get(1).expect("two items");
            prop_assert_eq!(map.get("k").and_then(serde_yaml::Value::as_str), Some(second.as_str()));
            prop_assert_eq!(map.get("l").and_then(serde_yaml::Value::as_str), Some("x"));
        }

        #[test]
        fn our_own_reader_sees_the_same_texts(value in hostile()) {
            prop_assume!(value.chars().all(|c| c == '\n' || c == '\t' || is_printable(c)));
            let written = print_yaml(&Yaml::Map(vec![("k", text(&value))]));
            let read = parse(Sources::BUILTIN, &written);
            let kind = read.as_ref().ok().and_then(|read| read.get("k")).map(|node| &node.kind);
            prop_assert!(matches!(kind, Some(Kind::Scalar(text, _)) if *text == value), "{written:?} {read:?}");
        }
    }
}
