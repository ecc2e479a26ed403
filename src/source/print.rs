//! The strictest YAML that is still readable: what every reader, YAML 1.1 or 1.2, takes for the same document.
//!
//! Every library's own output is misread by some reader, so this is ours. A text is plain where no reader could take it
//! for anything else, a literal block where it has lines and no trap, and in double quotes otherwise.

use std::ops::Range;

/// A document or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yaml<'a> {
    Text(String),
    /// A string of pieces, of which some are somebody else's to fill in.
    Pieces(Vec<Piece>),
    /// A number, a boolean or null, as it is written.
    Literal(String),
    List(Vec<Yaml<'a>>),
    /// A map in this order.
    Map(Vec<(&'a str, Yaml<'a>)>),
}

/// A piece of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it says now; without line breaks where it is late.
    pub text: String,
    /// Whether where it stands is told, for something else to be put there.
    pub is_late: bool,
}

/// Words that some reader takes for a boolean or for null.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Returns a document with a final newline.
pub fn print_yaml(document: &Yaml<'_>) -> String {
    print_yaml_with_places(document).0
}

/// Returns a document with a final newline, and where its late pieces stand, in their order.
///
/// Whatever needs no escaping can be put there.
pub fn print_yaml_with_places(document: &Yaml<'_>) -> (String, Vec<Range<usize>>) {
    let mut out = Out::default();
    match document {
        Yaml::Map(entries) if !entries.is_empty() => map(&mut out, entries, 0, false),
        Yaml::List(items) if !items.is_empty() => list(&mut out, items, 0),
        Yaml::Text(_) | Yaml::Pieces(_) | Yaml::Literal(_) | Yaml::List(_) | Yaml::Map(_) => {
            value(&mut out, document, 0);
        }
    }
    (out.text, out.places)
}

/// What is written, and where the late pieces stand in it.
#[derive(Default)]
struct Out {
    text: String,
    places: Vec<Range<usize>>,
}

impl Out {
    fn push(&mut self, c: char) {
        self.text.push(c);
    }

    fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

fn map(out: &mut Out, entries: &[(&str, Yaml<'_>)], indent: usize, on_dash_line: bool) {
    for (at, (key, node)) in entries.iter().enumerate() {
        if at > 0 || !on_dash_line {
            blanks(out, indent);
        }
        if is_plain(key) {
            out.push_str(key);
        } else {
            quoted(out, &[(key, false)]);
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
            Yaml::Text(_) | Yaml::Pieces(_) | Yaml::Literal(_) | Yaml::List(_) | Yaml::Map(_) => {
                out.push(' ');
                value(out, node, indent);
            }
        }
    }
}

fn list(out: &mut Out, items: &[Yaml<'_>], indent: usize) {
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
            Yaml::Text(_) | Yaml::Pieces(_) | Yaml::Literal(_) | Yaml::List(_) | Yaml::Map(_) => {
                out.push(' ');
                value(out, node, indent);
            }
        }
    }
}

/// Writes what fits behind a key or a dash, with the newline that ends it.
fn value(out: &mut Out, node: &Yaml<'_>, indent: usize) {
    match node {
        Yaml::Literal(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Yaml::List(_) => out.push_str("[]\n"),
        Yaml::Map(_) => out.push_str("{}\n"),
        Yaml::Text(text) => scalar(out, text, &[(text, false)], indent),
        Yaml::Pieces(pieces) => {
            let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            let runs: Vec<Run<'_>> =
                pieces.iter().map(|piece| (piece.text.as_str(), piece.is_late)).collect();
            scalar(out, &whole, &runs, indent);
        }
    }
}

/// A part of a text, and whether it is late.
type Run<'a> = (&'a str, bool);

/// Writes a text in the form that fits it as a whole.
fn scalar(out: &mut Out, whole: &str, runs: &[Run<'_>], indent: usize) {
    if is_block(whole) {
        block(out, whole, runs, indent + 2);
        return;
    }
    if is_plain(whole) {
        each(out, runs, Out::push_str);
    } else {
        quoted(out, runs);
    }
    out.push('\n');
}

/// Writes the parts of a text one after another, noting where the late ones stand.
fn each(out: &mut Out, runs: &[Run<'_>], mut write: impl FnMut(&mut Out, &str)) {
    for (text, is_late) in runs {
        let from = out.text.len();
        write(out, text);
        if *is_late {
            out.places.push(from..out.text.len());
        }
    }
}

fn blanks(out: &mut Out, count: usize) {
    out.text.extend(std::iter::repeat_n(' ', count));
}

/// Returns whether a text can stand bare: a word, a path or a unit name that is no number, boolean, null or date.
fn is_plain(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-'))
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Returns whether a text can be a literal block that every reader cuts the same way.
fn is_block(text: &str) -> bool {
    let fits = |line: &str| {
        line.chars().all(|c| c == '\t' || is_printable(c))
            && (line.is_empty() || !line.chars().all(char::is_whitespace))
    };
    text.contains('\n') && !text.starts_with([' ', '\t', '\n']) && text.split('\n').all(fits)
}

fn block(out: &mut Out, whole: &str, runs: &[Run<'_>], indent: usize) {
    out.push_str(match whole.strip_suffix('\n') {
        None => "|-\n",
        Some(rest) if rest.ends_with('\n') => "|+\n",
        Some(_) => "|\n",
    });
    let mut at_start = true;
    for (text, is_late) in runs {
        if *is_late && at_start {
            // whatever is put here belongs behind the indentation
            blanks(out, indent);
            at_start = false;
        }
        each(out, &[(text, *is_late)], |out, text| {
            for line in text.split_inclusive('\n') {
                if at_start && line != "\n" {
                    blanks(out, indent);
                }
                out.push_str(line);
                at_start = line.ends_with('\n');
            }
        });
    }
    if !whole.ends_with('\n') {
        out.push('\n');
    }
}

fn quoted(out: &mut Out, runs: &[Run<'_>]) {
    out.push('"');
    each(out, runs, escaped);
    out.push('"');
}

fn escaped(out: &mut Out, text: &str) {
    let is_bare = |c: char| is_printable(c) && !matches!(c, '"' | '\\');
    let mut rest = text;
    while let Some(at) = rest.find(|c| !is_bare(c)) {
        let (bare, odd) = rest.split_at(at);
        out.push_str(bare);
        let mut chars = odd.chars();
        match chars.next() {
            None => {}
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\t') => out.push_str("\\t"),
            Some('\r') => out.push_str("\\r"),
            // All that is not printable lies in the basic plane.
            Some(c) => out.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Returns whether a reader takes a character as it is; YAML 1.1 counts U+0085, U+2028 and U+2029 as line ends.
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

    #[test]
    fn late_pieces_are_told_where_they_stand_in_every_form() {
        let piece = |text: &str, is_late| Piece { text: text.to_owned(), is_late };
        for (before, now, after, written) in [
            ("/a", "b", "/c", "k: /aX/c\n"),
            ("a ", "\u{e9}", " \t", "k: \"a X \\t\"\n"),
            ("A=", "", "\nB=1\n", "k: |\n  A=X\n  B=1\n"),
            ("A=\n\nB=", "b", "", "k: |-\n  A=\n\n  B=X\n"),
            ("A=\n", "b", "\nC\n\n", "k: |+\n  A=\n  X\n  C\n\n"),
        ] {
            let pieces = vec![piece(before, false), piece(now, true), piece(after, false)];
            let (mut text, places) =
                print_yaml_with_places(&Yaml::Map(vec![("k", Yaml::Pieces(pieces))]));
            let whole = Yaml::Map(vec![("k", Yaml::Text(format!("{before}{now}{after}")))]);
            assert_eq!(text, print_yaml(&whole));
            assert_eq!(places.len(), 1);
            for place in places {
                text.replace_range(place, "X");
            }
            assert_eq!(text, written);
        }
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
