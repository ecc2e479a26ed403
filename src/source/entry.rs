//! One value of a YAML map, set in place: comments, order, quotes and line ends of everything else stay.
//!
//! Edits text by its places and then reads it back: what would not say exactly what it should is not returned.

use super::edit::Edit;
use super::editor::{Change, Editor};
use super::node::{Kind, Node};
use super::text::Sources;
use super::yaml::parse;

/// Returns `text` with `value` at `path`, whose maps are made where they are not there.
///
/// `None` where the text is no map, or writes the value in a form that cannot be edited in place.
/// The value must be free of quotes, backslashes and control characters.
pub fn set_entry(text: &str, path: &[&str], value: &str) -> Option<String> {
    let plain = |c: char| !c.is_control() && !matches!(c, '"' | '\\');
    if !value.chars().all(plain) || path.is_empty() || path.contains(&"") {
        return None;
    }
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mark = text.get(..text.len() - body.len())?;
    let mut sources = Sources::new();
    let file = sources.add("", body);
    let before = parse(file, body).ok()?;
    let edit = Edit::set(path.iter().copied(), format!("\"{value}\""));
    let changes = Editor::new(&sources).changes(&[edit], Some(file));
    let Change { span, text: new } = changes.first()?;
    let (start, end) = (span.start as usize, span.end as usize);
    let edited = format!("{}{new}{}", body.get(..start)?, body.get(end..)?);
    let after = parse(file, &edited).ok()?;
    let says = said(&after, path).is_some_and(|said| said == value);
    (says && rest(&after, path) == rest(&before, path)).then(|| format!("{mark}{edited}"))
}

fn said<'n>(root: &'n Node, path: &[&str]) -> Option<&'n str> {
    match &path.iter().try_fold(root, |node, key| node.get(key))?.kind {
        Kind::Scalar(text, _) => Some(text),
        Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    }
}

/// Returns what a map holds beside the value at a path, without places; maps that hold nothing else are nothing.
fn rest(node: &Node, path: &[&str]) -> String {
    let mut entries = Vec::new();
    for (name, node) in node.entries().unwrap_or_default() {
        let held = match path.split_first() {
            Some((first, [])) if *first == name.value => continue,
            Some((first, inner)) if *first == name.value => rest(node, inner),
            _ => contents(node),
        };
        if !held.is_empty() {
            entries.push(format!("{:?}:{held}", name.value));
        }
    }
    entries.join(",")
}

/// Returns what a node holds, without its places.
fn contents(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "~".to_owned(),
        Kind::Scalar(text, style) => format!("{style:?} {text:?}"),
        Kind::List(items) => {
            format!("[{}]", items.iter().map(contents).collect::<Vec<_>>().join(","))
        }
        Kind::Map(entries) => {
            let entries =
                entries.iter().map(|(name, node)| format!("{:?}:{}", name.value, contents(node)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::set_entry;

    #[test]
    fn sets_one_entry_and_leaves_the_rest() {
        for (before, after) in [
            ("", "u: \"http://a/1\"\n"),
            ("# only a comment\n", "# only a comment\nu: \"http://a/1\"\n"),
            ("a: 1", "a: 1\nu: \"http://a/1\""),
            ("a: 1 # one\n\n# more\n", "a: 1 # one\nu: \"http://a/1\"\n\n# more\n"),
            ("u: old # why\na: 1\n", "u: \"http://a/1\" # why\na: 1\n"),
            ("u: 'old'\n", "u: \"http://a/1\"\n"),
            ("u: \"old\"   # x\nb: [1, 2]\n", "u: \"http://a/1\"   # x\nb: [1, 2]\n"),
            ("u:\na: 1\n", "u: \"http://a/1\"\na: 1\n"),
            ("u: # empty\na: 1\n", "u: \"http://a/1\" # empty\na: 1\n"),
            ("u: ~\n", "u: \"http://a/1\"\n"),
            ("\"u\": old\n", "\"u\": \"http://a/1\"\n"),
            ("  a: 1\n", "  a: 1\n  u: \"http://a/1\"\n"),
            ("{}\n", "{ u: \"http://a/1\" }\n"),
            ("{ a: 1 }\n", "{ a: 1, u: \"http://a/1\" }\n"),
            ("---\na: 1\n", "---\na: 1\nu: \"http://a/1\"\n"),
            ("a: 1\r\nb: 2\r\n", "a: 1\r\nb: 2\r\nu: \"http://a/1\"\r\n"),
            ("\u{FEFF}a: 1\n", "\u{FEFF}a: 1\nu: \"http://a/1\"\n"),
            ("t: |\n  text\n", "t: |\n  text\nu: \"http://a/1\"\n"),
            ("a: 1\n...\n", "a: 1\nu: \"http://a/1\"\n...\n"),
            ("ä: ö # ü\nu: x\n", "ä: ö # ü\nu: \"http://a/1\"\n"),
        ] {
            assert_eq!(
                set_entry(before, &["u"], "http://a/1").as_deref(),
                Some(after),
                "{before:?}"
            );
        }
    }

    #[test]
    fn sets_one_value_in_a_map_and_leaves_the_rest() {
        for (before, after) in [
            ("", "a: { u: \"x\" }\n"),
            ("u: 1\n", "u: 1\na: { u: \"x\" }\n"),
            ("a:\n  u: 1 # why\n  b: 2\nc: 3\n", "a:\n  u: \"x\" # why\n  b: 2\nc: 3\n"),
            ("a:\n  b: 2\n# c\nc: 3\n", "a:\n  b: 2\n  u: \"x\"\n# c\nc: 3\n"),
            ("a: { b: 2 }\n", "a: { b: 2, u: \"x\" }\n"),
            ("a:\nc: 3\n", "a: { u: \"x\" }\nc: 3\n"),
        ] {
            assert_eq!(set_entry(before, &["a", "u"], "x").as_deref(), Some(after), "{before:?}");
        }
        for before in ["a: 1\n", "a: [u]\n", "a: &x { b: 1 }\nc: *x\n"] {
            assert_eq!(set_entry(before, &["a", "u"], "x"), None, "{before:?}");
        }
    }

    #[test]
    fn says_so_where_it_cannot() {
        for before in ["- a\n", "text\n", "u: &x old\nb: *x\n", "a: [\n", "u: [1]\nu: 2\n"] {
            assert_eq!(set_entry(before, &["u"], "new"), None, "{before:?}");
        }
        for (key, value) in [("u", "a\"b"), ("u", "a\nb"), ("u", "a\\"), ("", "a"), ("a: b", "x")] {
            assert_eq!(set_entry("x: 1\n", &[key], value), None, "{key:?} {value:?}");
        }
    }
}
