//! Where things stand in the text of a template, and where that is in the file.
//!
//! Scans; what a template means is the engine's business.

/// Longest template, in bytes, and most tags in it: reading one takes time in proportion to their product.
const MAX_BYTES: usize = 1 << 20;
const MAX_TAGS: usize = 4_096;

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

/// Returns the variable a text is made from, between what stands before and behind it: `https://h/{{vars.token}}`.
///
/// `None` where it is made from anything else, or from more.
pub fn sole_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (tag, after) = rest.split_once("}}")?;
    let (tag, after) = match tag.strip_prefix('{') {
        Some(tag) => (tag, after.strip_prefix('}')?),
        None => (tag, after),
    };
    let name = tag.trim_matches([' ', '~']).strip_prefix("vars.")?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let sole = !name.is_empty()
        && name.chars().all(is_name)
        && !before.ends_with('\\')
        && !after.contains("{{");
    sole.then_some((before, name, after))
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

/// Tells what is too large about a template.
pub(super) fn too_large(text: &str) -> Option<String> {
    if text.len() > MAX_BYTES {
        return Some(format!("template is longer than {} MiB", MAX_BYTES >> 20));
    }
    let tags = text.matches("{{").count();
    (tags > MAX_TAGS).then(|| format!("template has {tags} tags, more than {MAX_TAGS}"))
}

/// Returns the first tag that is nested too deep: blocks and `else if`, or parentheses inside one tag.
///
/// The engine overflows its stack on deep templates, so where this cannot be sure what the engine takes for a tag,
/// it errs towards too deep: from there on nothing closes a block.
pub(super) fn too_deep(text: &str, most: usize) -> Option<usize> {
    let mut depth = 0_usize;
    // blocks that are open, each with its `else if`s, which close with it
    let mut open: Vec<usize> = Vec::new();
    let mut sure = true;
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("{{")) {
        let start = from + at;
        let rest = text.get(start..).unwrap_or("");
        let tag = rest.split("}}").next().unwrap_or("");
        from = start + tag.len().max(2);
        if start.checked_sub(1).and_then(|before| text.as_bytes().get(before)) == Some(&b'\\') {
            // `\{{` is text, and so is `\{{{{`
            from = start + rest.len() - rest.trim_start_matches('{').len();
            continue;
        }
        let word = tag.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '~'));
        let was_sure = sure;
        sure &= is_whole(tag, word);
        let chain = word.strip_prefix("else").or_else(|| word.strip_prefix('^'));
        if word.starts_with('#') {
            open.push(1);
            depth += 1;
        } else if chain.is_some_and(|more| !more.trim_matches([' ', '~']).is_empty()) {
            depth += 1;
            if let Some(block) = open.last_mut() {
                *block += 1;
            }
        } else if word.starts_with('/') && sure {
            depth -= open.pop().unwrap_or(0);
        }
        // once it is not sure, all that follows is looked at: what comes later is part of that
        let looked_at = match (sure, was_sure) {
            (true, _) => tag,
            (false, true) => rest,
            (false, false) => "",
        };
        if depth > most || looked_at.matches('(').count() > most {
            return Some(start);
        }
    }
    None
}

/// Returns whether a tag surely ends at the first `}}` after it, for the engine as well.
fn is_whole(tag: &str, word: &str) -> bool {
    if word.starts_with('!') {
        return !word.starts_with("!--") || word.len() > 4 && tag.ends_with("--");
    }
    let mut quote = None;
    for c in tag.chars() {
        match quote {
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
    }
    quote.is_none() && !tag.starts_with("{{{{") && !tag.contains(['[', '\\'])
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

#[cfg(test)]
mod tests {
    use super::sole_variable;

    #[test]
    fn one_variable_and_what_stands_around_it() {
        for (text, found) in [
            ("{{vars.url}}", Some(("", "url", ""))),
            ("{{ vars.url }}", Some(("", "url", ""))),
            ("{{{vars.url}}}", Some(("", "url", ""))),
            ("https://h/{{vars.t}}/x", Some(("https://h/", "t", "/x"))),
            ("https://h/x", None),
            ("{{vars.a}}{{vars.b}}", None),
            ("{{#if vars.a}}x{{/if}}", None),
            ("{{upper vars.a}}", None),
            ("\\{{vars.a}}", None),
            ("{{vars.}}", None),
        ] {
            assert_eq!(sole_variable(text), found, "{text}");
        }
    }
}
