//! Which line is indented otherwise than its neighbours, where the YAML parser stopped.
//!
//! The parser says what it missed, and often only lines later; who reads it needs the line that is some blanks off.

use std::fmt::Write as _;
use std::ops::Range;

/// A line that is not where it should be.
#[derive(Debug)]
pub(super) struct Misplaced {
    /// What is marked.
    pub(super) at: Range<usize>,
    /// What is wrong, as a phrase.
    pub(super) what: String,
    /// What is so here.
    pub(super) label: String,
    /// The neighbour that it is compared with.
    pub(super) related: Option<(Range<usize>, String)>,
    /// The edit.
    pub(super) help: String,
}

/// Returns what is wrong with the indentation where the parser stopped with a message; `None` where it is something
/// else.
pub(super) fn misplaced(text: &str, at: usize, message: &str) -> Option<Misplaced> {
    let says = |part: &str| message.contains(part);
    if says("found a tab") {
        return tab(text, at);
    }
    let lines = lines(text, at);
    let (line, above) = lines.split_last()?;
    if says("mapping values are not allowed") {
        let is_second = text.get(line.first()..at)?.contains(": ");
        return if is_second { None } else { under_value(line, above) };
    }
    let between =
        ["did not find expected key", "expected '-' indicator", "expected <document start>"];
    // what stands behind a value has the same messages
    if at == line.first() && between.into_iter().any(says) {
        return off_level(line, above, says("document start"));
    }
    None
}

/// Returns an item that is read as more of the text of the item above: YAML takes it, and nobody means it.
pub(super) fn item_in_text(text: &str, plain: Range<usize>) -> Option<Misplaced> {
    let (first, rest) = text.get(plain.clone())?.split_once('\n')?;
    let line = text.get(..plain.start)?.rfind('\n').map_or(0, |end| end + 1);
    let before = text.get(line..plain.start)?;
    // of items in items, the last one that begins in the line
    let column = before.trim_end().strip_suffix('-')?.len();
    let mut start = plain.start + first.len() + 1;
    for line in rest.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let item = line.trim();
        if item.starts_with("- ") {
            let at = start + indent..start + indent + item.len();
            return Some(Misplaced {
                at,
                what: "an item that is read as more of the text of the one above".to_owned(),
                label: blanks(indent),
                related: Some((plain.start..plain.start + first.len(), blanks(column))),
                help: format!("write {} before it; or put the text in quotes", blanks(column)),
            });
        }
        start += line.len();
    }
    None
}

/// A line that is neither blank nor a comment.
struct Line<'t> {
    /// From 1.
    number: usize,
    start: usize,
    indent: usize,
    /// What stands behind the blanks.
    text: &'t str,
}

impl<'t> Line<'t> {
    /// Returns its first byte that is no blank.
    fn first(&self) -> usize {
        self.start + self.indent
    }

    fn is_item(&self) -> bool {
        self.text == "-" || self.text.starts_with("- ")
    }

    /// Returns the column of its key, behind the marks of items, and what stands there.
    fn key(&self) -> (usize, &'t str) {
        let mut rest = self.text;
        while let Some(item) = rest.strip_prefix("- ") {
            rest = item.trim_start();
        }
        (self.indent + self.text.len() - rest.len(), rest)
    }

    fn opens_map(&self) -> bool {
        self.text.ends_with(':')
    }

    fn has_value(&self) -> bool {
        !self.opens_map() && self.key().1.contains(": ")
    }

    fn whole(&self) -> Range<usize> {
        self.first()..self.first() + self.text.len()
    }
}

/// Returns the lines of a text up to the one that a byte is in.
fn lines(text: &str, at: usize) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut found = Vec::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if start > at {
            break;
        }
        let behind = line.trim_start_matches(' ');
        let content = behind.trim_end();
        if !content.is_empty() && !content.starts_with('#') {
            let indent = line.len() - behind.len();
            found.push(Line { number: index + 1, start, indent, text: content });
        }
        start += line.len();
    }
    found
}

/// A tab before a line that the parser took for more of the value above.
fn tab(text: &str, at: usize) -> Option<Misplaced> {
    let line = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let mut start = line;
    for line in text.get(line..)?.split_inclusive('\n').take(2) {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line.get(..blanks)?.find('\t') {
            return Some(Misplaced {
                at: start + tab..start + tab + 1,
                what: "a tab in the indentation".to_owned(),
                label: "not here".to_owned(),
                related: None,
                help: "indent with spaces".to_owned(),
            });
        }
        start += line.len();
    }
    None
}

/// A key that the parser took for more of the value above.
fn under_value(line: &Line<'_>, above: &[Line<'_>]) -> Option<Misplaced> {
    let owner = above.iter().rposition(|line| line.opens_map() || line.has_value());
    let key = owner.and_then(|at| above.get(at));
    if let Some(key) = key.filter(|key| key.has_value() && line.indent > key.key().0) {
        let column = key.key().0;
        let related = key.start + column..key.first() + key.text.len();
        return Some(Misplaced {
            at: line.whole(),
            what: format!(
                "a line with {} before it below a key that has a value",
                blanks(line.indent)
            ),
            label: blanks(line.indent),
            related: Some((related, format!("{}, and a value", blanks(column)))),
            help: format!(
                "write {} before it, as before the key in line {}; or quote the value, if it goes over both lines",
                blanks(column),
                key.number
            ),
        });
    }
    // what stands between the last key and this one is none
    let odd = above.get(owner.map_or(0, |at| at + 1)).filter(|odd| !odd.is_item())?;
    Some(Misplaced {
        at: odd.whole(),
        what: "a line without `: `".to_owned(),
        label: "no key".to_owned(),
        related: None,
        help: "write `NAME: VALUE`, with a blank behind the colon".to_owned(),
    })
}

/// A line between the levels of those above.
fn off_level(line: &Line<'_>, above: &[Line<'_>], is_behind_all: bool) -> Option<Misplaced> {
    // the levels that are open here, the deepest first
    let mut levels: Vec<(usize, bool, &Line<'_>)> = Vec::new();
    let mut least = usize::MAX;
    for line in above.iter().rev() {
        if line.indent >= least {
            continue;
        }
        least = line.indent;
        if line.is_item() {
            levels.push((line.key().0, false, line));
        }
        levels.push((line.indent, line.is_item(), line));
        if least == 0 {
            break;
        }
    }
    if levels.iter().any(|(column, ..)| *column == line.indent) {
        return None;
    }
    let fitting = || levels.iter().filter(|(_, is_item, _)| *is_item == line.is_item());
    let deeper = fitting().rfind(|level| level.0 > line.indent);
    let less = fitting().find(|level| level.0 < line.indent);
    let nearest @ (column, _, neighbour) = *deeper.or(less)?;
    let has = |(column, is_item, line): (usize, bool, &Line<'_>)| {
        let what = if line.is_item() && !is_item { "the key in line" } else { "line" };
        format!("{}, as {what} {} has", blanks(column), line.number)
    };
    let (mut known, mut help) = (blanks(column), format!("write before it {}", has(nearest)));
    if let Some(other) = less.filter(|_| deeper.is_some()) {
        write!(known, " or {}", blanks(other.0)).ok()?;
        write!(help, ", or {}", has(*other)).ok()?;
    }
    if is_behind_all {
        help = format!("write no blank before line {}", neighbour.number);
    }
    Some(Misplaced {
        at: line.whole(),
        what: format!(
            "a line with {} before it, and those above have {known}",
            blanks(line.indent)
        ),
        label: blanks(line.indent),
        related: Some((neighbour.start + column..neighbour.whole().end, blanks(column))),
        help,
    })
}

fn blanks(count: usize) -> String {
    match count {
        0 => "no blank".to_owned(),
        1 => "1 blank".to_owned(),
        count => format!("{count} blanks"),
    }
}
