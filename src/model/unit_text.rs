//! A unit file as sections of options, as read by `systemd.syntax(7)`.
//!
//! A writer only: raw units stay text.

use std::fmt;

/// Sections in order, each a list of options in order; an option may come more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitText {
    sections: Vec<(&'static str, Vec<(String, String)>)>,
}

impl UnitText {
    /// Longest line of a unit, in bytes: at 2,048 Ignition refuses the whole config, on every version.
    pub const MAX_LINE: usize = 2_047;

    /// Returns an empty unit.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an option to a section, making the section where it is new.
    pub fn push(
        &mut self,
        section: &'static str,
        key: impl Into<String>,
        value: impl Into<String>,
    ) {
        let option = (key.into(), value.into());
        match self.sections.iter_mut().find(|(name, _)| *name == section) {
            Some((_, options)) => options.push(option),
            None => self.sections.push((section, vec![option])),
        }
    }

    /// Adds an option for each word list that is not empty, joined by blanks.
    pub fn push_words<'a>(
        &mut self,
        section: &'static str,
        key: &str,
        words: impl IntoIterator<Item = &'a str>,
    ) {
        let words: Vec<&str> = words.into_iter().collect();
        if !words.is_empty() {
            self.push(section, key, words.join(" "));
        }
    }
}

impl fmt::Display for UnitText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, options)) in self.sections.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            writeln!(f, "[{name}]")?;
            for (key, value) in options {
                write_line(f, &format!("{key}={value}"))?;
            }
        }
        Ok(())
    }
}

/// Writes a line, and goes on in the next one where it is too long for one.
///
/// systemd puts a blank in place of the backslash and the line end, and takes the blanks away that the next line begins
/// with; so a line is broken at a blank, before what is neither blank nor comment. A single word that is too long
/// stays.
fn write_line(f: &mut fmt::Formatter<'_>, line: &str) -> fmt::Result {
    let mut rest = line;
    while rest.len() > UnitText::MAX_LINE {
        // the backslash takes a byte, too
        let Some(at) = break_before(rest, UnitText::MAX_LINE - 1) else { break };
        let (head, tail) = rest.split_at(at);
        writeln!(f, "{head}\\")?;
        rest = tail.strip_prefix(' ').unwrap_or(tail);
    }
    writeln!(f, "{rest}")
}

/// Returns where a line can be broken: the last blank that leaves at most `most` bytes before it, else the first.
fn break_before(line: &str, most: usize) -> Option<usize> {
    let bytes = line.as_bytes();
    let goes_on = |at: usize| {
        let next = bytes.get(at + 1);
        let before = bytes.get(..at).unwrap_or_default();
        let escapes = before.iter().rev().take_while(|byte| **byte == b'\\').count();
        // an odd one would belong to the blank, and what follows must not be read as a comment
        next.is_some_and(|next| !matches!(next, b' ' | b'\t' | b'#' | b';')) && escapes % 2 == 0
    };
    let mut first = None;
    let mut last = None;
    for (at, _) in line.match_indices(' ').filter(|(at, _)| goes_on(*at)) {
        if at > most {
            first = last.or(Some(at));
            break;
        }
        last = Some(at);
    }
    first.or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what systemd makes of lines that go on: a blank for the backslash, and the next line without its blanks.
    fn joined(text: &str) -> String {
        let mut joined = String::new();
        for line in text.lines() {
            let line = if joined.is_empty() { line } else { line.trim_start() };
            assert!(joined.is_empty() || !line.starts_with(['#', ';']), "read as a comment");
            let backslashes = line.len() - line.trim_end_matches('\\').len();
            match line.strip_suffix('\\').filter(|_| backslashes % 2 == 1) {
                Some(part) => joined.extend([part, " "]),
                None => joined.push_str(line),
            }
        }
        joined
    }

    #[test]
    fn long_lines_go_on_and_read_back_the_same() {
        let x = "x".repeat(2_040);
        for value in [
            "unit-name.service ".repeat(300).trim_end().to_owned(),
            format!("/bin/a {x} b c"),
            format!("/bin/a \"{x}   {x}\" #b ;c d"),
            format!("{x}\\\\ {x}\\ {x} {x}"),
            format!("a{}", " #b".repeat(1_000)),
            format!("a {}", "ä ".repeat(1_500).trim_end()),
        ] {
            let mut unit = UnitText::new();
            unit.push("Service", "ExecStart", value.as_str());
            let text = unit.to_string();
            let body = text.strip_prefix("[Service]\n").unwrap();
            assert_eq!(joined(body), format!("ExecStart={value}"));
        }
        let mut unit = UnitText::new();
        unit.push_words("Unit", "After", std::iter::repeat_n("kafka-broker.service", 500));
        let text = unit.to_string();
        assert!(text.lines().all(|line| line.len() <= UnitText::MAX_LINE), "{text}");
        assert!(text.lines().filter(|line| line.len() > 1_900).count() >= 5, "lines are filled");
    }
}
