//! Edits of words and lines, in whatever kind of file.

use super::change::Change;
use crate::source::text::Span;

/// Writes `new` for `old`, inside its quotes where it has any.
pub(super) fn replace(text: &str, at: Span, old: &str, new: &str) -> Option<Change> {
    let (start, end) = (at.start as usize, at.end as usize);
    let found = text.get(start..end)?;
    if found == old {
        return Some(Change::new(at.file, start, end, new));
    }
    let inner = found.strip_prefix(['"', '\''])?;
    let quote = found.get(..1)?;
    let is_quoted = inner.strip_suffix(quote)? == old && !new.contains(['"', '\'', '\\']);
    is_quoted.then(|| Change::new(at.file, start + 1, end - 1, new))
}

/// Removes the lines that hold `old`, and nothing else before it.
pub(super) fn drop(text: &str, at: Span, old: &str) -> Option<Change> {
    let (start, end) = whole_lines(text, at, old)?;
    Some(Change::new(at.file, start, end, ""))
}

/// Adds lines above or below the ones that hold `old`, as far in as the first of these.
pub(super) fn add(text: &str, at: Span, old: &str, lines: &str, above: bool) -> Option<Change> {
    let (start, end) = whole_lines(text, at, old)?;
    let indent: String =
        text.get(start..)?.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let added: String = lines
        .lines()
        .flat_map(|line| [if line.is_empty() { "" } else { indent.as_str() }, line, "\n"])
        .collect();
    if above {
        return Some(Change::new(at.file, start, start, added));
    }
    // the last line of a file may have no end
    let is_open = !text.get(..end)?.ends_with('\n');
    let added = if is_open { format!("\n{}", added.trim_end_matches('\n')) } else { added };
    Some(Change::new(at.file, end, end, added))
}

/// Returns the extent of the lines that hold `old`, their ends included.
fn whole_lines(text: &str, at: Span, old: &str) -> Option<(usize, usize)> {
    // a block of YAML has an indentation that its text has not
    let found = text.get(at.start as usize..at.end as usize)?.lines().map(str::trim_start);
    if old.is_empty() || !found.eq(old.lines().map(str::trim_start)) {
        return None;
    }
    let start = text.get(..at.start as usize)?.rfind('\n').map_or(0, |end| end + 1);
    let is_first = text.get(start..at.start as usize)?.trim().is_empty();
    let end = text.get(at.end as usize..)?.find('\n').map(|more| at.end as usize + more + 1);
    is_first.then(|| (start, end.unwrap_or(text.len())))
}
