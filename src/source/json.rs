//! JSON text → a tree that keeps its places, as strict as RFC 8259.
//!
//! The only file that names the crate which keeps places. That crate reads JSON with liberties; what is left of them
//! when all are switched off, `serde_json` refuses.

use std::collections::BTreeMap;

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::IgnoredAny;

use super::fault::Fault;
use super::node::{Kind, Node, Style};
use super::text::{FileId, Span, Spanned};

/// Deepest nesting of maps and lists.
const MAX_DEPTH: usize = 64;

/// What a JSON text says.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    /// The tree; of a key that comes twice it has what Go makes of both.
    pub tree: Node,
    pub twice: Vec<Twice>,
}

/// A key that comes twice in one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Twice {
    /// The place of the first.
    pub first: Span,
    /// The last.
    pub last: Spanned<String>,
    /// Whether the two are of one kind: then a reader who takes one takes the other.
    pub alike: bool,
}

/// Reads one JSON text; nothing but JSON passes: no comment, no comma too many, no number as people write it.
///
/// # Errors
/// The first fault, at its place.
pub fn parse_json(file: FileId, text: &str) -> Result<Json, Box<Fault>> {
    const STRICT: ParseOptions = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|error| {
        let range = error.range();
        let mut why = error.kind().to_string();
        if let Some(first) = why.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        Box::new(no_json(Span::new(file, range.start, range.end.max(range.start)), &why))
    })?;
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let line: usize =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let start = text.floor_char_boundary(line + error.column().saturating_sub(1));
        let end = text.ceil_char_boundary((start + 1).min(text.len()));
        let why = error.to_string();
        let why = why.split(" at line ").next().unwrap_or_default();
        return Err(Box::new(no_json(Span::new(file, start, end), why)));
    }
    let Some(value) = parsed.value else {
        return Err(Box::new(no_json(Span::new(file, 0, text.len()), "there is nothing in it")));
    };
    let mut builder = Builder { file, twice: Vec::new() };
    let tree = builder.node(value, MAX_DEPTH)?;
    Ok(Json { tree, twice: builder.twice })
}

/// Returns the fault of a text that should be JSON.
pub fn no_json(span: Span, why: &str) -> Fault {
    Fault::new("json-malformed", span, format!("this is not JSON: {why}"), why.to_owned())
}

/// Tells whether two values are of one kind, or one says nothing.
fn alike(first: &Node, last: &Node) -> bool {
    match (&first.kind, &last.kind) {
        (Kind::Null, _) | (_, Kind::Null) => true,
        (Kind::Scalar(_, first), Kind::Scalar(_, last)) => first == last,
        (first, last) => std::mem::discriminant(first) == std::mem::discriminant(last),
    }
}

/// Puts a value over another of the same key, as Go does it: two objects become one, of two lists the entries of the
/// last stand over those of the first, and null says nothing.
fn combine(first: &mut Node, last: Node) {
    match (&mut first.kind, last.kind) {
        (_, Kind::Null) => {}
        (Kind::Map(first), Kind::Map(last)) => {
            let places = first.iter().enumerate();
            let places = places.map(|(place, (name, _))| (name.value.clone(), place));
            let places: BTreeMap<String, usize> = places.collect();
            for (name, value) in last {
                let known = places.get(&name.value).and_then(|place| first.get_mut(*place));
                match known {
                    Some((_, known)) => combine(known, value),
                    None => first.push((name, value)),
                }
            }
        }
        (Kind::List(old), Kind::List(new)) => {
            let mut old = std::mem::take(old).into_iter();
            let over = |item: Node| match old.next() {
                Some(mut below) if below.entries().is_some() && item.entries().is_some() => {
                    combine(&mut below, item);
                    below
                }
                _ => item,
            };
            *first = Node::new(last.span, Kind::List(new.into_iter().map(over).collect()));
        }
        (_, kind) => *first = Node::new(last.span, kind),
    }
}

struct Builder {
    file: FileId,
    twice: Vec<Twice>,
}

impl Builder {
    fn node(&mut self, value: Value<'_>, left: usize) -> Result<Node, Box<Fault>> {
        let span = self.span(&value);
        let Some(left) = left.checked_sub(1) else {
            let why = format!("more than {MAX_DEPTH} levels are nested");
            return Err(Box::new(no_json(span, &why)));
        };
        let kind = match value {
            Value::StringLit(text) => Kind::Scalar(text.value.into_owned(), Style::Quoted),
            Value::NumberLit(number) => Kind::Scalar(number.value.to_owned(), Style::Plain),
            Value::BooleanLit(word) => Kind::Scalar(word.value.to_string(), Style::Plain),
            Value::NullKeyword(_) => Kind::Null,
            Value::Array(list) => {
                let items = list.elements.into_iter().map(|item| self.node(item, left));
                Kind::List(items.collect::<Result<_, _>>()?)
            }
            Value::Object(map) => self.map(map.properties, left)?,
        };
        Ok(Node::new(span, kind))
    }

    fn map(&mut self, properties: Vec<ObjectProp<'_>>, left: usize) -> Result<Kind, Box<Fault>> {
        let mut entries: Vec<(Spanned<String>, Node)> = Vec::with_capacity(properties.len());
        let mut places = BTreeMap::new();
        for property in properties {
            let span = self.span(&property.name);
            let name = Spanned::new(property.name.into_string(), span);
            let value = self.node(property.value, left)?;
            let before = places.get(&name.value).and_then(|place: &usize| entries.get_mut(*place));
            if let Some(before) = before {
                let alike = alike(&before.1, &value);
                self.twice.push(Twice { first: before.0.span, last: name.clone(), alike });
                before.0 = name;
                combine(&mut before.1, value);
            } else {
                places.insert(name.value.clone(), entries.len());
                entries.push((name, value));
            }
        }
        Ok(Kind::Map(entries))
    }

    fn span(&self, ranged: &impl Ranged) -> Span {
        let range = ranged.range();
        Span::new(self.file, range.start, range.end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::text::Sources;
    use super::*;

    fn read(text: &str) -> Result<Json, Box<Fault>> {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        parse_json(file, text)
    }

    #[test]
    fn nothing_but_json_passes() {
        for text in [
            "",
            " ",
            "{,}",
            "{\"a\":1,}",
            "[1,]",
            "{'a':1}",
            "{a:1}",
            "{\"a\":01}",
            "{\"a\":0x1}",
            "{\"a\":+1}",
            "{\"a\":.5}",
            "{\"a\":5.}",
            "{\"a\":NaN}",
            "{\"a\":1} {}",
            "{\"a\":1}x",
            "// c\n{}",
            "{/**/}",
            "{\"a\" 1}",
            "{\"a\":\"\u{1}\"}",
            "{\"a\":\"b\nc\"}",
            "{\u{a0}}",
            "{\"a\":\"\\x41\"}",
            "{\"a\":\"\\'\"}",
            "a: 1",
            "{\"a\":tru}",
            "{\"a\":1",
            "\u{b}{}",
        ] {
            let fault = read(text).expect_err(text);
            assert_eq!(fault.code, "json-malformed", "{text}");
        }
        let deep = "[".repeat(MAX_DEPTH + 1) + &"]".repeat(MAX_DEPTH + 1);
        assert!(read(&deep).expect_err("too deep").title.contains("64 levels"));
    }

    #[test]
    fn places_and_kinds() {
        let text = "{\"é\": [\"\\ud83d\\ude00\\n\", 1e3, true, null], \"é\": \"last\"}";
        let json = read(text).expect("is JSON");
        let [(name, node)] = json.tree.entries().expect("is a map") else { panic!("one key") };
        assert_eq!(node.kind, Kind::Scalar("last".to_owned(), Style::Quoted));
        assert_eq!(node.span.start as usize, text.rfind("\"last").expect("is there"));
        assert_eq!(json.twice.len(), 1);
        assert_eq!(name.span, json.twice[0].last.span);
        let Kind::List(items) =
            read(&text["{\"é\": ".len()..text.find(", \"é").expect("is there")])
                .map(|json| json.tree.kind)
                .expect("is JSON")
        else {
            panic!("a list")
        };
        let texts: Vec<String> = items.iter().map(|item| format!("{:?}", item.kind)).collect();
        let wanted = [
            "Scalar(\"😀\\n\", Quoted)",
            "Scalar(\"1e3\", Plain)",
            "Scalar(\"true\", Plain)",
            "Null",
        ];
        assert_eq!(texts, wanted);
    }

    proptest! {
        #[test]
        fn whatever_passes_is_what_the_strict_reader_reads(text in "[{}\\[\\]\",:0-9eE.+truefalsn\\\\ud \n-]{0,40}") {
            if read(&text).is_ok() {
                let value = serde_json::from_str::<serde_json::Value>(&text);
                // numbers may be larger than it can hold
                prop_assert!(value.is_ok() || text.contains(['e', 'E']));
            }
        }
    }
}
