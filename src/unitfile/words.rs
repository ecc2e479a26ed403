//! Quoting: one function for each language a unit or its files speak.
//!
//! Knows `systemd.syntax(7)`, `systemd.service(5)`, `systemd.exec(5)`, the POSIX shell's single quotes and RFC 4180,
//! and nothing of what is quoted.

use std::fmt::Write as _;

/// A part of a word on a command line of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Arrives as it is.
    Literal(&'a str),
    /// A variable systemd puts in, without splitting what it holds.
    Variable(&'a str),
}

/// Returns one word of an `Exec…=` line that arrives as `word`.
pub fn quote_word(word: &str) -> String {
    quote_parts(&[Part::Literal(word)])
}

/// Returns one word of an `Exec…=` line, with variables in it.
///
/// systemd strips quotes and backslashes first, then reads `%` as a specifier, then `$` as a variable; so both are
/// doubled whatever the quotes. A word that could be read as anything else (a comment, a separator) is quoted.
pub fn quote_parts(parts: &[Part<'_>]) -> String {
    let literals = || {
        parts.iter().flat_map(|part| match part {
            Part::Literal(text) => text.chars(),
            Part::Variable(_) => "".chars(),
        })
    };
    let mut made = String::new();
    let plain = !parts.is_empty() && literals().all(|c| is_plain(c) || matches!(c, '%' | '$'));
    let quote =
        if literals().any(|c| c == '"') && !literals().any(|c| c == '\'') { '\'' } else { '"' };
    for part in parts {
        match part {
            Part::Literal(text) => push_escaped(&mut made, text, quote),
            Part::Variable(name) => {
                made.push_str("${");
                made.push_str(name);
                made.push('}');
            }
        }
    }
    if plain && !made.is_empty() { made } else { format!("{quote}{made}{quote}") }
}

/// Appends a literal with everything escaped that means something inside `quote`.
fn push_escaped(made: &mut String, text: &str, quote: char) {
    for c in text.chars() {
        match c {
            '%' => made.push_str("%%"),
            '$' => made.push_str("$$"),
            '\\' => made.push_str("\\\\"),
            '\n' => made.push_str("\\n"),
            '\t' => made.push_str("\\t"),
            '\r' => made.push_str("\\r"),
            c if c == quote => made.extend(['\\', c]),
            c if c.is_ascii_control() => {
                write!(made, "\\x{:02x}", u32::from(c))
                    .expect("a String takes all that is written");
            }
            c => made.push(c),
        }
    }
}

/// Returns a path as one word of a list such as `RequiresMountsFor=`, where `$` means nothing.
pub fn quote_path(path: &str) -> String {
    let doubled = path.replace('%', "%%");
    if path.chars().all(|c| is_plain(c) || c == '%') {
        return doubled;
    }
    format!("\"{}\"", doubled.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Returns a text as the whole value of an option that takes no quotes, as `Description=` or `What=`.
///
/// What would end the line or go on to the next one cannot be said there and becomes a blank.
pub fn whole_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim_end_matches(['\\', ' ']).trim_start().replace('%', "%%")
}

/// Returns a value for a line of an `EnvironmentFile=`; no specifiers or variables are read there.
///
/// Only `"` and `\` are escaped, which systemd reads alike since before version 241.
pub fn environment_value(value: &str) -> String {
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Returns one word of a shell command.
pub fn shell_word(word: &str) -> String {
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Returns one field of the comma-separated value of `--mount`.
pub fn csv_field(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", field.replace('"', "\"\""));
    }
    field.to_owned()
}

/// Returns whether a character means nothing to systemd, a shell or an environment file, wherever it stands.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | ':' | '=' | '@' | ',' | '+' | '-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads one word as `systemd.syntax(7)` and `systemd.service(5)` say: quotes, escapes, specifiers, variables.
    fn read_word(text: &str) -> Option<String> {
        let mut chars = text.chars();
        let mut word = String::new();
        let mut quote = None;
        while let Some(c) = chars.next() {
            match (c, quote) {
                ('\\', _) => word.push(match chars.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'x' => {
                        let hex: String = chars.by_ref().take(2).collect();
                        char::from(u8::from_str_radix(&hex, 16).ok()?)
                    }
                    c @ ('\\' | '"' | '\'') => c,
                    _ => return None,
                }),
                ('"' | '\'', None) => quote = Some(c),
                (c, Some(open)) if c == open => quote = None,
                (' ' | '\t' | '\n' | '\r', None) => return None,
                (';' | '#', None) if word.is_empty() => return None,
                (c, _) if c.is_ascii_control() => return None,
                (c, _) => word.push(c),
            }
        }
        let mut read = String::new();
        let mut chars = word.chars();
        while let Some(c) = chars.next() {
            if matches!(c, '%' | '$') && chars.next() != Some(c) {
                return None;
            }
            read.push(c);
        }
        quote.is_none().then_some(read)
    }

    /// Reads a value of an environment file: outside quotes as it is, inside with `\` before `"` and `\`.
    fn read_value(text: &str) -> Option<String> {
        let Some(inner) = text.strip_prefix('"') else { return Some(text.to_owned()) };
        let mut chars = inner.strip_suffix('"')?.chars();
        let mut value = String::new();
        while let Some(c) = chars.next() {
            value.push(match c {
                '\\' => chars.next()?,
                '"' => return None,
                c => c,
            });
        }
        Some(value)
    }

    #[test]
    fn words_of_a_command_line() {
        for (word, written) in [
            ("--name", "--name"),
            ("", "\"\""),
            ("a b", "\"a b\""),
            (";", "\";\""),
            ("#x", "\"#x\""),
            ("100%", "100%%"),
            ("$HOME", "$$HOME"),
            ("a\\b", "\"a\\\\b\""),
            ("say \"hi\"", "'say \"hi\"'"),
            ("it's", "\"it's\""),
            ("it's \"so\"", "\"it's \\\"so\\\"\""),
            ("a\nb\u{1}", "\"a\\nb\\x01\""),
            ("größe", "\"größe\""),
        ] {
            assert_eq!(quote_word(word), written);
        }
        let parts = [Part::Literal("URL=http://"), Part::Variable("IP"), Part::Literal(":1$ x")];
        assert_eq!(quote_parts(&parts), "\"URL=http://${IP}:1$$ x\"");
    }

    #[test]
    fn other_languages() {
        assert_eq!(whole_line(" Kafka\n50% \\"), "Kafka 50%%");
        assert_eq!(
            environment_value("-Xmx1g -Da=\"b\\c\" $x %y"),
            "\"-Xmx1g -Da=\\\"b\\\\c\\\" $x %y\""
        );
        assert_eq!(environment_value("server.1=a:2888:3888;2181"), "\"server.1=a:2888:3888;2181\"");
        assert_eq!(shell_word("it's"), "'it'\\''s'");
        assert_eq!(csv_field("source=/a,b\"c"), "\"source=/a,b\"\"c\"");
    }

    proptest! {
        #[test]
        fn systemd_reads_the_word_that_was_meant(word in "[^\0]*") {
            prop_assert_eq!(read_word(&quote_word(&word)), Some(word));
        }

        #[test]
        fn systemd_reads_the_value_that_was_meant(value in "[^\0]*") {
            prop_assert_eq!(read_value(&environment_value(&value)), Some(value));
        }
    }
}
