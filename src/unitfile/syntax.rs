//! A unit file as it was written, read as `systemd.syntax(7)` says, with the place of everything.
//!
//! Does not know what a section or an option means.

use std::ops::Range;

/// A unit file or a drop-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFile {
    /// Section headers in the order they come.
    pub sections: Vec<Section>,
    /// Assignments in the order they come.
    pub options: Vec<Assignment>,
    /// Lines systemd does not take.
    pub faults: Vec<Fault>,
}

impl UnitFile {
    /// Reads a text that is no unit's of the profile: all that is asked of it is what it says.
    pub fn read(text: &str) -> Self {
        parse(text)
    }
}

/// A section header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What stands between the brackets.
    pub name: String,
    /// Where the header is, brackets included.
    pub at: Range<usize>,
}

/// One `Key=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The section it stands in; `None` before the first.
    pub section: Option<String>,
    /// What stands before the `=`.
    pub key: String,
    pub key_at: Range<usize>,
    /// What stands behind the `=`.
    pub value: Value,
}

/// A value: its lines joined as systemd joins them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// The text systemd sees.
    pub text: String,
    /// Where in the file each stretch of the text begins, ascending: offset in the text, offset in the file.
    stretches: Vec<(usize, usize)>,
}

impl Value {
    /// Returns where a part of the text stands in the file; from its first line to its last.
    pub fn place(&self, part: Range<usize>) -> Range<usize> {
        let start = self.origin(part.start);
        let end = if part.end > part.start { self.origin(part.end - 1) + 1 } else { start };
        start..end.max(start)
    }

    fn origin(&self, offset: usize) -> usize {
        let behind = self.stretches.partition_point(|(at, _)| *at <= offset);
        let before = behind.checked_sub(1).and_then(|last| self.stretches.get(last));
        before.map_or(offset, |(at, origin)| origin + (offset - at))
    }

    fn push(&mut self, text: &str, origin: usize) {
        self.stretches.push((self.text.len(), origin));
        self.text.push_str(text);
    }
}

/// A line systemd does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong with it.
    pub kind: FaultKind,
    /// The line without the blanks around it.
    pub at: Range<usize>,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Neither a header nor an assignment: systemd leaves the line out.
    NoEquals {
        /// Whether the line before ends in a backslash with blanks after it.
        after_broken_continuation: bool,
    },
    /// `[` without `]`: systemd refuses the whole file.
    HeaderNotClosed,
}

/// Reads a unit file; whatever the text, something comes of it.
pub(super) fn parse(text: &str) -> UnitFile {
    let mut file = UnitFile::default();
    let mut section = None;
    let mut open: Option<Value> = None;
    let mut broken_before = false;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let (start, next) = (offset, offset + line.len());
        offset = next;
        let written = line.trim_end_matches(['\n', '\r']);
        // A comment inside a continued value is left out, the value goes on after it.
        if written.trim_start().starts_with(['#', ';']) {
            continue;
        }
        let (part, goes_on) = match continued(written) {
            Some(part) => (part, true),
            None => (written, false),
        };
        let mut value = open.take().unwrap_or_default();
        value.push(part, start);
        if goes_on {
            value.push(" ", start + part.len());
            open = Some(value);
            continue;
        }
        let broken =
            written.trim_end().len() < written.len() && continued(written.trim_end()).is_some();
        read_line(&value, &mut section, broken_before, &mut file);
        broken_before = broken;
    }
    if let Some(value) = open {
        read_line(&value, &mut section, broken_before, &mut file);
    }
    file
}

/// Returns a line without the backslash that continues it, if it is continued.
fn continued(line: &str) -> Option<&str> {
    let backslashes = line.len() - line.trim_end_matches('\\').len();
    if backslashes % 2 == 1 { line.strip_suffix('\\') } else { None }
}

/// Reads one whole line: a header, an assignment, or a fault.
fn read_line(
    line: &Value,
    section: &mut Option<String>,
    after_broken_continuation: bool,
    file: &mut UnitFile,
) {
    let text = line.text.trim();
    let start = line.text.len() - line.text.trim_start().len();
    let at = line.place(start..start + text.len());
    if text.is_empty() {
        return;
    }
    if let Some(inner) = text.strip_prefix('[') {
        let Some(name) = inner.strip_suffix(']') else {
            file.faults.push(Fault { kind: FaultKind::HeaderNotClosed, at });
            return;
        };
        *section = Some(name.to_owned());
        file.sections.push(Section { name: name.to_owned(), at });
        return;
    }
    let Some((key, value)) = text.split_once('=') else {
        let kind = FaultKind::NoEquals { after_broken_continuation };
        file.faults.push(Fault { kind, at });
        return;
    };
    let value_start = start + key.len() + 1 + (value.len() - value.trim_start().len());
    let value = value.trim();
    file.options.push(Assignment {
        section: section.clone(),
        key_at: line.place(start..start + key.trim_end().len()),
        key: key.trim_end().to_owned(),
        value: cut(line, value_start, value),
    });
}

/// Returns a part of a line as a value of its own.
fn cut(line: &Value, from: usize, text: &str) -> Value {
    let mut stretches = vec![(0, line.origin(from))];
    for (at, origin) in &line.stretches {
        if *at > from && *at < from + text.len() {
            stretches.push((at - from, *origin));
        }
    }
    Value { text: text.to_owned(), stretches }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sections_options_and_continued_lines() {
        let text = "A=0\n[Unit]\n# note\nX = a \\\n# inside\n;too\n   b=c\n[Service\nlonely\n\
            Y=1 \\ \n -p 2\nZ=\\\\\nW=";
        let file = parse(text);
        let found: Vec<_> = file
            .options
            .iter()
            .map(|option| {
                (option.section.as_deref(), option.key.as_str(), option.value.text.as_str())
            })
            .collect();
        assert_eq!(
            found,
            [
                (None, "A", "0"),
                (Some("Unit"), "X", "a     b=c"),
                (Some("Unit"), "Y", "1 \\"),
                (Some("Unit"), "Z", "\\\\"),
                (Some("Unit"), "W", ""),
            ]
        );
        let x = file.options.get(1).expect("is there");
        let at = x.value.text.find('b').expect("is there");
        assert_eq!(text.get(x.value.place(at..at + 3)), Some("b=c"));
        let faults: Vec<_> =
            file.faults.iter().map(|fault| (fault.kind, &text[fault.at.clone()])).collect();
        assert_eq!(
            faults,
            [
                (FaultKind::HeaderNotClosed, "[Service"),
                (FaultKind::NoEquals { after_broken_continuation: false }, "lonely"),
                (FaultKind::NoEquals { after_broken_continuation: true }, "-p 2"),
            ]
        );
    }

    proptest! {
        #[test]
        fn places_stay_in_the_text(text in "[a=\\[\\]\\\\\n #;é]*") {
            for option in parse(&text).options {
                let place = option.value.place(0..option.value.text.len());
                prop_assert!(place.end <= text.len());
                let key = text.get(option.key_at).expect("is in the text");
                prop_assert!(key == option.key || key.contains('\n'));
            }
        }
    }
}
