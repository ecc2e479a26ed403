//! The gate for every text that comes in, whichever way: what no reader of a configuration takes alike stays outside.

/// Returns the first character that no text may hold, with its place: control characters but line ends and tabs.
///
/// A lone carriage return is a line end for systemd and none for others, a zero ends a text for programs in C, and an
/// escape sequence changes the terminal of whoever looks at the text.
pub fn odd_character(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(_, c)| c.is_control() && !matches!(c, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_outside() {
        for (text, found) in [
            ("a\n\tb", None),
            ("gr\u{f6}\u{df}e \u{f8e0}\u{2028}", None),
            ("a\rb", Some((1, '\r'))),
            ("\0", Some((0, '\0'))),
            ("\u{1b}[2J", Some((0, '\u{1b}'))),
            ("\u{f6}\u{85}", Some((2, '\u{85}'))),
        ] {
            assert_eq!(odd_character(text), found, "{text:?}");
        }
    }
}
