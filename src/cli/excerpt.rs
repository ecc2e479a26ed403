//! Differences as people read them: long lines around what differs, and no more lines than are read.
//!
//! What is left out is counted, so that whoever shows an excerpt can say so.

/// Most lines of one difference.
const MOST_LINES: usize = 40;
/// Most characters of a line.
const MOST_CHARS: usize = 200;
/// Characters that are kept before the first one that differs.
const BEFORE: usize = 60;

/// Returns a unified difference with at most `lines` lines, and how many are left out; lines that are shown in part
/// have `…` where they are cut.
pub(super) fn excerpt(diff: &str, lines: usize) -> (String, usize) {
    let all: Vec<&str> = diff.lines().collect();
    let most = lines.min(MOST_LINES);
    let mut shown = String::new();
    for (index, line) in all.iter().enumerate().take(most) {
        shown.push_str(&cut(line, other(&all, index)));
        shown.push('\n');
    }
    (shown, all.len().saturating_sub(most))
}

/// Returns the line that stands in the place of the one at `index` on the other side of a difference.
fn other<'a>(all: &[&'a str], index: usize) -> Option<&'a str> {
    let is = |at: usize, sign: char| all.get(at).is_some_and(|line| line.starts_with(sign));
    let sign = all.get(index)?.chars().next()?;
    let first = (0..=index).rev().take_while(|at| is(*at, sign)).last()?;
    let place = index - first;
    match sign {
        '-' => {
            let end = (index..all.len()).find(|at| !is(*at, '-'))?;
            all.get(end + place).copied().filter(|line| line.starts_with('+'))
        }
        '+' => {
            let removed = (0..first).rev().take_while(|at| is(*at, '-')).last()?;
            all.get(removed + place).copied().filter(|line| line.starts_with('-'))
        }
        _ => None,
    }
}

/// Returns a line, or the part of it where it differs from another.
fn cut(line: &str, other: Option<&str>) -> String {
    let chars: Vec<char> = line.chars().collect();
    if chars.len() <= MOST_CHARS {
        return line.to_owned();
    }
    // the sign in front is no part of the line
    let same = other.map_or(0, |other| {
        let pairs = chars.iter().skip(1).zip(other.chars().skip(1));
        1 + pairs.take_while(|(one, other)| **one == *other).count()
    });
    let start = same.saturating_sub(BEFORE).min(chars.len() - MOST_CHARS);
    let part: String = chars.iter().skip(start.max(1)).take(MOST_CHARS).collect();
    let sign: String = chars.iter().take(1).collect();
    let (before, after) = (start > 1, start.max(1) + MOST_CHARS < chars.len());
    let mark = |is_cut: bool| if is_cut { "…" } else { "" };
    format!("{sign}{}{part}{}", mark(before), mark(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_seen_however_long_the_line_is() {
        let long = |word: &str| format!("{}{word}{}", "a".repeat(1_000), "z".repeat(1_000));
        let diff = format!("@@ -1 +1 @@\n-same\n-{}\n+same\n+{}\n", long("old"), long("new"));
        let (shown, left) = excerpt(&diff, 100);
        let lines: Vec<&str> = shown.lines().collect();
        let [_, _, old, _, new] = lines.as_slice() else { panic!("{shown}") };
        assert!(old.starts_with("-…aaa") && old.contains("aoldz") && old.ends_with("z…"), "{old}");
        assert!(new.starts_with("+…aaa") && new.contains("anewz"), "{new}");
        assert!(lines.iter().all(|line| line.chars().count() < MOST_CHARS + 4), "{shown}");
        assert_eq!(left, 0);
    }

    #[test]
    fn ends_of_lines_are_shown_where_they_differ() {
        let long = "a".repeat(500);
        let (shown, _) = excerpt(&format!("-{long}\n+{long}b\n"), 100);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines.iter().all(|line| !line.ends_with('…')), "{shown}");
        assert!(lines.last().is_some_and(|line| line.ends_with("ab")), "{shown}");
    }

    #[test]
    fn lines_that_are_left_out_are_counted() {
        let diff = "+x\n".repeat(100);
        assert_eq!(excerpt(&diff, 1_000), ("+x\n".repeat(MOST_LINES), 100 - MOST_LINES));
        assert_eq!(excerpt(&diff, 3), ("+x\n".repeat(3), 97));
        assert_eq!(excerpt(&diff, 0), (String::new(), 100));
    }
}
