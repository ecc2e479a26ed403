//! Command lines of units, split into words as `systemd.service(5)` says.
//!
//! Specifiers and variables stay as they are written: what they become is known on the machine only.

use std::ops::Range;

use super::syntax::Value;

/// One command of an `Exec…=` line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Whether `-` says that its failure does not matter.
    pub may_fail: bool,
    /// Program and arguments.
    pub words: Vec<Word>,
}

/// A word as the program gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Without quotes and escapes.
    pub text: String,
    /// Where it stands in the file, quotes included.
    pub at: Range<usize>,
    /// Whether it is written as it arrives.
    is_plain: bool,
}

impl Word {
    /// Returns where a part of the text stands; the whole word where quotes or escapes hide it.
    pub fn part(&self, part: Range<usize>) -> Range<usize> {
        if !self.is_plain {
            return self.at.clone();
        }
        self.at.start + part.start..self.at.start + part.end
    }

    /// Returns whether it is written as it arrives, without quotes and escapes.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Returns the end of the word, from a byte on, as a word of its own.
    #[must_use]
    pub fn tail(&self, from: usize) -> Self {
        let text = self.text.get(from..).unwrap_or("").to_owned();
        Self { text, at: self.part(from..self.text.len()), is_plain: self.is_plain }
    }

    /// Returns the variables in it, `$$` left out.
    pub fn variables(&self) -> Vec<VariableUse<'_>> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(at) =
            self.text.get(from..).and_then(|rest| rest.find('$')).map(|at| from + at)
        {
            let rest = self.text.get(at + 1..).unwrap_or("");
            let (is_braced, inner) = match rest.strip_prefix('{') {
                Some(inner) => (true, inner),
                None => (false, rest),
            };
            let length = inner
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(inner.len());
            let (name, after) = inner.split_at_checked(length).unwrap_or((inner, ""));
            from = at + 1 + usize::from(rest.starts_with('$'));
            let is_closed = !is_braced || after.starts_with(['}', ':']);
            if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') || !is_closed {
                continue;
            }
            let range = at..at + 1 + name.len() + if is_braced { 2 } else { 0 };
            let is_put_in = is_braced || range == (0..self.text.len());
            from = range.end;
            found.push(VariableUse { name, range, is_put_in });
        }
        found
    }

    /// Returns where `part` of the text stands, found by its words.
    pub fn find(&self, part: &str) -> Range<usize> {
        self.text.find(part).map_or(self.at.clone(), |at| self.part(at..at + part.len()))
    }
}

/// A variable used in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse<'a> {
    pub name: &'a str,
    /// Where it stands in the text of the word.
    pub range: Range<usize>,
    /// Whether systemd puts its value in: with braces, or as a word of its own.
    pub is_put_in: bool,
}

/// Returns whether a command line runs a shell, which then reads the words in its own way.
pub fn is_shell(line: &Line) -> bool {
    let program = line.words.first().and_then(|word| word.text.rsplit('/').next());
    program.is_some_and(|program| ["sh", "bash", "dash"].contains(&program))
}

/// Reads the commands of a value; `Err` holds the place of a quote that is never closed.
pub(super) fn parse(value: &Value) -> Result<Vec<Line>, Range<usize>> {
    let mut lines = vec![Line::default()];
    let mut rest = Rest { value, at: 0 };
    while let Some((word, is_quoted)) = rest.word()? {
        if word.text == ";" && !is_quoted {
            lines.push(Line::default());
            continue;
        }
        let Some(line) = lines.last_mut() else { continue };
        if line.words.is_empty() {
            let (word, may_fail) = without_prefixes(&word);
            line.may_fail = may_fail;
            line.words.push(word);
        } else {
            line.words.push(word);
        }
    }
    lines.retain(|line| !line.words.is_empty());
    Ok(lines)
}

/// Returns the program without `-`, `@`, `:`, `+`, `!` and `|` before it.
fn without_prefixes(word: &Word) -> (Word, bool) {
    let program = word.text.trim_start_matches(['-', '@', ':', '+', '!', '|']);
    let prefixes = word.text.len() - program.len();
    let may_fail = word.text.get(..prefixes).is_some_and(|prefixes| prefixes.contains('-'));
    let at = word.part(prefixes..word.text.len());
    (Word { text: program.to_owned(), at, is_plain: word.is_plain }, may_fail)
}

/// What is left to read of a value.
struct Rest<'a> {
    value: &'a Value,
    at: usize,
}

impl Rest<'_> {
    fn peek(&self) -> Option<char> {
        self.value.text.get(self.at..).and_then(|rest| rest.chars().next())
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Reads a word, and tells whether any of it was quoted or escaped.
    fn word(&mut self) -> Result<Option<(Word, bool)>, Range<usize>> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
        let start = self.at;
        let (mut text, mut quote, mut is_plain) = (String::new(), None, true);
        while let Some(c) = self.peek() {
            if quote.is_none() && c.is_whitespace() {
                break;
            }
            self.next();
            match (c, quote) {
                ('\\', _) => {
                    is_plain = false;
                    self.escape(&mut text);
                }
                ('"' | '\'', None) => {
                    is_plain = false;
                    quote = Some((c, self.at - 1));
                }
                (c, Some((open, _))) if c == open => quote = None,
                (c, _) => text.push(c),
            }
        }
        if let Some((_, from)) = quote {
            return Err(self.value.place(from..self.at));
        }
        if self.at == start {
            return Ok(None);
        }
        Ok(Some((Word { text, at: self.value.place(start..self.at), is_plain }, !is_plain)))
    }

    /// Reads what follows a backslash; an escape systemd does not know stays as it is written.
    fn escape(&mut self, text: &mut String) {
        let digits = |rest: &mut Self, count: usize, radix: u32| {
            let found = rest.value.text.get(rest.at..rest.at + count);
            let code = found.and_then(|digits| u32::from_str_radix(digits, radix).ok());
            code.and_then(char::from_u32).inspect(|_| rest.at += count)
        };
        let known = match self.peek() {
            Some('a') => Some('\u{7}'),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('v') => Some('\u{b}'),
            Some('s') => Some(' '),
            Some(c @ ('\\' | '"' | '\'' | ';')) => Some(c),
            Some(c) => {
                let size = match c {
                    'x' => Some((2, 16)),
                    'u' => Some((4, 16)),
                    'U' => Some((8, 16)),
                    _ => None,
                };
                let code = size.and_then(|(count, radix)| {
                    self.next();
                    digits(self, count, radix)
                });
                match code {
                    Some(code) => text.push(code),
                    None if size.is_some() => text.extend(['\\', c]),
                    None => text.push('\\'),
                }
                return;
            }
            None => None,
        };
        self.next();
        text.push(known.unwrap_or('\\'));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::syntax;
    use super::*;

    fn lines(value: &str) -> Result<Vec<Line>, Range<usize>> {
        let text = format!("ExecStart={value}");
        let file = syntax::parse(&text);
        file.options.first().map_or(Ok(Vec::new()), |option| parse(&option.value))
    }

    #[test]
    fn words_as_systemd_reads_them() {
        for (value, words) in [
            ("-/usr/bin/docker kill a", vec!["/usr/bin/docker", "kill", "a"]),
            ("@!!/bin/x 'a b' \"c\\\"d\" e\\x20f", vec!["/bin/x", "a b", "c\"d", "e f"]),
            ("/bin/x a\\qb --c='d e'f", vec!["/bin/x", "a\\qb", "--c=d ef"]),
            ("/bin/x \\\n  a", vec!["/bin/x", "a"]),
        ] {
            let lines = lines(value).expect("quotes are closed");
            let found: Vec<_> =
                lines.iter().flat_map(|line| &line.words).map(|w| w.text.as_str()).collect();
            assert_eq!(found, words, "{value}");
        }
        assert_eq!(lines("/bin/x 'a b"), Err(17..21));
        let two = lines("-/bin/a 1 ; /bin/b \";\" \\;").expect("quotes are closed");
        assert_eq!(
            two.iter().map(|line| (line.may_fail, line.words.len())).collect::<Vec<_>>(),
            [(true, 2), (false, 3)]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(value in "\\PC*") {
            drop(lines(&value));
        }
    }
}
