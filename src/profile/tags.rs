//! Where things stand in the text of a template, and where that is in the file.
//!
//! Scans; what a template means is the engine's business.

/// Returns the roles that a text refers to as `role.NAME` inside its tags, with their places.
pub(super) fn roles(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find("{{")) {
        let start = from + open;
        let rest = text.get(start..).unwrap_or("");
        let tag = rest.get(..rest.find("}}").unwrap_or(rest.len())).unwrap_or("");
        for (at, _) in tag.match_indices("role.") {
            let before = tag.get(..at).unwrap_or("");
            let inside = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
            if before.ends_with(inside) && !before.ends_with("@root.") {
                continue;
            }
            let name = tag.get(at + 5..).unwrap_or("");
            let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
            let name = name.get(..end.unwrap_or(name.len())).unwrap_or("");
            if !name.is_empty() {
                found.push((start + at + 5, name));
            }
        }
        from = start + tag.len().max(2);
    }
    found
}

/// Returns where a name stands inside a tag.
pub(super) fn find_name(text: &str, raw: &str) -> usize {
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find("{{")) {
        let start = from + open;
        let end = text
            .get(start..)
            .and_then(|rest| rest.find("}}"))
            .map_or(text.len(), |end| start + end);
        if let Some(at) = text.get(start..end).and_then(|tag| tag.find(raw)) {
            return start + at;
        }
        from = end.max(start + 2);
    }
    0
}

/// Returns the first tag that is nested too deep: blocks, or parentheses inside one tag.
pub(super) fn too_deep(text: &str, most: usize) -> Option<usize> {
    let mut blocks = 0_usize;
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find("{{")) {
        let start = from + open;
        let end = text
            .get(start..)
            .and_then(|rest| rest.find("}}"))
            .map_or(text.len(), |end| start + end);
        let tag = text.get(start..end).unwrap_or("");
        let word = tag.trim_start_matches(['{', '~', ' ']);
        if word.starts_with(['#', '^']) {
            blocks += 1;
        } else if word.starts_with('/') {
            blocks = blocks.saturating_sub(1);
        }
        if blocks > most || tag.matches('(').count() > most {
            return Some(start);
        }
        from = end.max(start + 2);
    }
    None
}

/// Returns where a block begins that nothing closes.
pub(super) fn unclosed(text: &str) -> Option<usize> {
    let mut open: Vec<usize> = Vec::new();
    for (at, _) in text.match_indices("{{") {
        match text.get(at + 2..).map(|rest| rest.trim_start_matches('~').chars().next()) {
            Some(Some('#')) => open.push(at),
            Some(Some('/')) => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// Returns the byte offset of a line and column (both from 1, columns in characters).
pub(super) fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}
