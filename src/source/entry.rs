//! One entry of a YAML map, set in place: comments, order, quotes and line ends of everything else stay.
//!
//! Edits text by its places and then reads it back: what would not say exactly what it should is not returned.

use super::text::Sources;
use super::yaml::{Kind, Node, parse};

/// Returns `text` with `key` set to `value` in its topmost map.
///
/// `None` where the text is no such map, or writes the value in a form that cannot be edited in place.
/// The value must be free of quotes, backslashes and control characters.
pub fn set_entry(text: &str, key: &str, value: &str) -> Option<String> {
    let plain = |c: char| !c.is_control() && !matches!(c, '"' | '\\');
    if !value.chars().all(plain) || key.is_empty() {
        return None;
    }
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mark = text.get(..text.len() - body.len())?;
    let root = parse(Sources::BUILTIN, body).ok()?;
    let edited = edit(body, &root, key, &format!("\"{value}\""))?;
    let is = parse(Sources::BUILTIN, &edited).ok()?;
    says(&is, &root, key, value).then(|| format!("{mark}{edited}"))
}

fn edit(text: &str, root: &Node, key: &str, quoted: &str) -> Option<String> {
    let entries = match &root.kind {
        Kind::Map(entries) => entries.as_slice(),
        Kind::Null => &[],
        Kind::Scalar(..) | Kind::List(_) => return None,
    };
    if let Some((name, node)) = entries.iter().find(|(name, _)| name.value == key) {
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        if matches!(node.kind, Kind::Scalar(..)) || start < end {
            return splice(text, start, end, quoted);
        }
        // nothing stands there: right behind the colon
        let after = name.span.end as usize;
        let colon = after + text.get(after..)?.find(':')? + 1;
        return splice(text, colon, colon, &format!(" {quoted}"));
    }
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let root_start = root.span.start as usize;
    if text.get(root_start..)?.starts_with('{') {
        let end = root.span.end as usize;
        let close = text.get(..end)?.rfind('}')?;
        let comma = if entries.is_empty() { "" } else { ", " };
        let before = text.get(..close)?.trim_end().len();
        return splice(text, before, before, &format!("{comma}{key}: {quoted}"));
    }
    let indent = entries.first().map_or("", |(name, _)| {
        let before = text.get(..name.span.start as usize).unwrap_or("");
        before.get(before.rfind('\n').map_or(0, |at| at + 1)..).unwrap_or("")
    });
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { line_end };
    Some(format!("{text}{gap}{indent}{key}: {quoted}{line_end}"))
}

fn splice(text: &str, start: usize, end: usize, new: &str) -> Option<String> {
    Some(format!("{}{new}{}", text.get(..start)?, text.get(end..)?))
}

/// Tells whether `now` is `before` with `key` set, and nothing else changed.
fn says(now: &Node, before: &Node, key: &str, value: &str) -> bool {
    let Some(entries) = now.entries() else { return false };
    let others = |node: &Node| -> Vec<(String, String)> {
        let entries = node.entries().unwrap_or_default().iter();
        let others = entries.filter(|(name, _)| name.value != key);
        others.map(|(name, node)| (name.value.clone(), contents(node))).collect()
    };
    let set = entries.iter().find(|(name, _)| name.value == key);
    others(now) == others(before)
        && set.is_some_and(|(_, node)| matches!(&node.kind, Kind::Scalar(text, _) if text == value))
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
            ("a: 1", "a: 1\nu: \"http://a/1\"\n"),
            ("a: 1 # one\n\n# more\n", "a: 1 # one\n\n# more\nu: \"http://a/1\"\n"),
            ("u: old # why\na: 1\n", "u: \"http://a/1\" # why\na: 1\n"),
            ("u: 'old'\n", "u: \"http://a/1\"\n"),
            ("u: \"old\"   # x\nb: [1, 2]\n", "u: \"http://a/1\"   # x\nb: [1, 2]\n"),
            ("u:\na: 1\n", "u: \"http://a/1\"\na: 1\n"),
            ("u: # empty\na: 1\n", "u: \"http://a/1\" # empty\na: 1\n"),
            ("u: ~\n", "u: \"http://a/1\"\n"),
            ("\"u\": old\n", "\"u\": \"http://a/1\"\n"),
            ("  a: 1\n", "  a: 1\n  u: \"http://a/1\"\n"),
            ("{}\n", "{u: \"http://a/1\"}\n"),
            ("{ a: 1 }\n", "{ a: 1, u: \"http://a/1\" }\n"),
            ("---\na: 1\n", "---\na: 1\nu: \"http://a/1\"\n"),
            ("a: 1\r\nb: 2\r\n", "a: 1\r\nb: 2\r\nu: \"http://a/1\"\r\n"),
            ("\u{FEFF}a: 1\n", "\u{FEFF}a: 1\nu: \"http://a/1\"\n"),
            ("t: |\n  text\n", "t: |\n  text\nu: \"http://a/1\"\n"),
            ("ä: ö # ü\nu: x\n", "ä: ö # ü\nu: \"http://a/1\"\n"),
        ] {
            assert_eq!(set_entry(before, "u", "http://a/1").as_deref(), Some(after), "{before:?}");
        }
    }

    #[test]
    fn says_so_where_it_cannot() {
        for before in
            ["- a\n", "text\n", "a: 1\n...\n", "u: &x old\nb: *x\n", "a: [\n", "u: [1]\nu: 2\n"]
        {
            assert_eq!(set_entry(before, "u", "new"), None, "{before:?}");
        }
        for (key, value) in [("u", "a\"b"), ("u", "a\nb"), ("u", "a\\"), ("", "a"), ("a: b", "x")] {
            assert_eq!(set_entry("x: 1\n", key, value), None, "{key:?} {value:?}");
        }
    }
}
