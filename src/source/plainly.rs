//! What the YAML parser says, in words for people, with the edit.

/// Returns what the parser found in words for people, and the edit.
pub(super) fn plainly(message: &str) -> (String, Option<&'static str>) {
    let known: [(&str, &str, &str); 10] = [
        ("directive", "a line with `%`", "remove the line: directives are not needed"),
        ("tabs disallowed", "a tab in the indentation", "indent with spaces"),
        ("unclosed bracket", "a bracket that is never closed", "close it with `}` or `]`"),
        ("unclosed quote", "a quote that is never closed", "close it on the same line"),
        (
            "mapping values are not allowed",
            "a second `:` in one line",
            "put the value in quotes, or begin a new line for the key",
        ),
        (
            "did not find expected key",
            "a line that is neither key nor end of the map above",
            "indent the line as its neighbours are, and do not mix `- item` with `key: value`",
        ),
        (
            "expected '-' indicator",
            "a key among the items of a list",
            "begin the line with `- `, or indent it as the keys of the item above are",
        ),
        (
            "simple key expected",
            "a line without `: `",
            "write `NAME: VALUE`, with a blank behind the colon",
        ),
        (
            "unknown anchor",
            "an alias without an anchor",
            "put `&NAME` before the value it stands for",
        ),
        (
            "unexpected character: `\\u{",
            "a control character",
            "remove it; a file may hold any bytes with `base64` or `local`",
        ),
    ];
    match known.into_iter().find(|(sign, ..)| message.contains(sign)) {
        Some((_, what, help)) => (what.to_owned(), Some(help)),
        None => (message.replace('`', "'"), None),
    }
}
