//! What docker and podman refuse of a call, and how what is meant is found.
//!
//! What holds a variable or a specifier is known on the machine only, and passes.

use std::ops::Range;

use super::call_values::Kind;
use super::exec::Word;
use crate::diagnostic::nearest;

/// Something that the client refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    pub kind: MisreadKind,
    /// The verb it is of; empty for what stands before it.
    pub verb: &'static str,
    /// Why, in the client's words.
    pub said: String,
    /// What is written.
    pub written: String,
    pub at: Range<usize>,
    /// What to write instead; empty where it is to go.
    pub meant: Option<String>,
}

/// What of a call is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MisreadKind {
    /// The verb is none.
    Verb,
    /// The flag is none.
    Flag,
    /// Newer clients have the flag no more.
    Gone,
    /// The flag does not take this value, or has none.
    Value {
        /// The flag as it is written.
        flag: String,
        kind: Kind,
    },
    /// The flags exclude each other.
    Conflict,
    /// Nothing waits at a terminal.
    Terminal,
    /// The image is none, or is not there.
    Image,
}

impl Misread {
    /// Returns whether the line ends where a value was to come.
    pub fn is_cut_short(&self) -> bool {
        matches!(self.kind, MisreadKind::Value { .. }) && self.said.starts_with("flag needs")
    }
}

/// Returns whether only the machine knows what a word is.
pub(super) fn is_open(word: &Word) -> bool {
    holds_variable(&word.text)
}

/// Returns whether a text holds a variable, a specifier or a fact.
pub(super) fn holds_variable(text: &str) -> bool {
    text.contains(['$', '%']) || text.contains("{{")
}

/// Returns the name that is meant by one that is unknown: the same but for case and marks, or a slip of letters.
pub(super) fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let known: Vec<&str> = known.collect();
    let bare = name.trim_start_matches('-');
    let same =
        known.iter().find(|it| it.eq_ignore_ascii_case(bare) || it.replace('-', "_") == bare);
    let swapped = || known.iter().find(|it| it.len() > 2 && is_swapped(it, bare));
    // two letters leave nothing to go by
    let near =
        || nearest(bare, known.iter().copied()).filter(|near| near.len() > 2 || bare.len() > 2);
    same.or_else(swapped).copied().or_else(near)
}

/// Returns whether two letters beside each other are all that differs.
fn is_swapped(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let differ: Vec<usize> =
        one.iter().zip(&other).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect();
    match differ.as_slice() {
        [first, second] if one.len() == other.len() && *second == first + 1 => {
            one.get(*first) == other.get(*second) && one.get(*second) == other.get(*first)
        }
        _ => false,
    }
}

/// Returns what the client makes of a long name behind one dash.
pub(super) fn as_letters(written: &str, letter: Option<char>, value: &str) -> String {
    let letter = letter.unwrap_or('-');
    match value {
        "" => format!("`{written}` is read letter by letter"),
        value => format!("`{written}` is read as `-{letter} {value}`"),
    }
}
