//! Texts that are searched for all at once: what is searched is read once, however many they are.

use std::collections::BTreeSet;
use std::ops::{Bound, Range};

/// Texts to search for.
#[derive(Clone, Debug, Default)]
pub struct Needles {
    all: BTreeSet<Vec<u8>>,
    /// Their first bytes: most places of a text are told apart by these.
    firsts: BTreeSet<u8>,
}

impl Needles {
    /// Adds a text; returns whether it is new. An empty one is never found.
    pub fn insert(&mut self, needle: &str) -> bool {
        self.firsts.extend(needle.as_bytes().first());
        !needle.is_empty() && self.all.insert(needle.as_bytes().to_vec())
    }

    /// Returns whether there is nothing to search for.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns where the first of them is, from a byte on: the longest of those that begin there.
    pub fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        if self.is_empty() {
            return None;
        }
        let bytes = text.as_bytes();
        let begins = bytes.iter().enumerate().skip(from);
        begins.filter(|(_, byte)| self.firsts.contains(byte)).find_map(|(at, _)| {
            let length = self.longest(bytes.get(at..)?)?;
            Some(at..at + length)
        })
    }

    /// Returns a text with another in place of each.
    pub fn replace(&self, text: &str, with: &str) -> String {
        let (mut replaced, mut done) = (String::new(), 0);
        while let Some(found) = self.find(text, done) {
            replaced.push_str(text.get(done..found.start).unwrap_or_default());
            replaced.push_str(with);
            done = found.end;
        }
        replaced + text.get(done..).unwrap_or_default()
    }

    /// Returns the length of the longest that a text begins with.
    fn longest(&self, mut text: &[u8]) -> Option<usize> {
        // in their order, what begins a text stands before it, and only what begins that one stands between
        loop {
            let up_to = (Bound::Unbounded, Bound::Included(text));
            let near = self.all.range::<[u8], _>(up_to).next_back()?;
            let common = near.iter().zip(text).take_while(|(one, other)| one == other).count();
            if common == near.len() {
                return Some(common);
            }
            text = text.get(..common).filter(|common| !common.is_empty())?;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(all: &[&str]) -> Needles {
        let mut needles = Needles::default();
        for needle in all {
            needles.insert(needle);
        }
        needles
    }

    #[test]
    fn the_longest_goes_first() {
        let needles = of(&["abc", "ab", "abcdef", "", "äö"]);
        for (text, replaced) in [
            ("abcdefg", "…g"),
            ("abcdeg", "…deg"),
            ("xabx", "x…x"),
            ("aabab", "a……"),
            ("ä äö", "ä …"),
            ("", ""),
        ] {
            assert_eq!(needles.replace(text, "…"), replaced, "{text}");
        }
        assert!(!needles.clone().insert("ab") && needles.clone().insert("b"));
    }

    proptest! {
        #[test]
        fn as_if_each_were_searched_for(all in proptest::collection::vec("[ab]{1,4}", 0..6), text in "[abc]{0,12}") {
            let needles = of(&all.iter().map(String::as_str).collect::<Vec<_>>());
            let one = all.iter().filter_map(|needle| text.find(needle.as_str())).min();
            prop_assert_eq!(needles.find(&text, 0).map(|range| range.start), one);
        }
    }
}
