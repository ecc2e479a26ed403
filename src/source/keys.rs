//! Which entry of a map has a key: found by looking along a short map, by an index into a long one.
//!
//! Maps keep the order they were written in, so they are lists; this keeps long ones from taking quadratic time.

use std::collections::BTreeMap;

use super::node::Node;
use super::text::Spanned;

/// Longest map that is looked through: an index into it would cost more.
const SHORT: usize = 16;

/// An index into one list of entries, to which entries are only ever appended.
#[derive(Debug, Default)]
pub struct Keys {
    positions: BTreeMap<String, usize>,
}

impl Keys {
    /// Returns the position of a key in `entries`, in which no key comes twice.
    pub fn find(&mut self, entries: &[(Spanned<String>, Node)], key: &str) -> Option<usize> {
        if entries.len() <= SHORT {
            return entries.iter().position(|(name, _)| name.value == key);
        }
        let fresh = entries.iter().enumerate().skip(self.positions.len());
        self.positions.extend(fresh.map(|(position, (name, _))| (name.value.clone(), position)));
        self.positions.get(key).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Kind, Sources};

    #[test]
    fn finds_in_short_and_long_maps_as_they_grow() {
        let (mut keys, mut entries) = (Keys::default(), Vec::new());
        for position in 0..3 * SHORT {
            let key = format!("k{position}");
            assert_eq!(keys.find(&entries, &key), None);
            let node = Node::new(Sources::NOWHERE, Kind::Null);
            entries.push((Spanned::new(key, Sources::NOWHERE), node));
            assert_eq!(keys.find(&entries, "k0"), Some(0));
            assert_eq!(keys.find(&entries, &format!("k{position}")), Some(position));
        }
    }
}
