//! A text that is filled with today's values, and the places of those that a stack fills in anew.
//!
//! The places are kept beside the text, never in it: no text of a profile can be taken for one. Knows no format.

use std::ops::Range;

use crate::model::StackFact;
use crate::model::machine::LatePart;

/// A text with the places of its late values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filled {
    text: String,
    /// In their order, none overlapping another.
    places: Vec<Place>,
}

/// Where a value stands that only a stack knows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    range: Range<usize>,
    fact: StackFact,
}

/// User data as a stack gives it to an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateData {
    pub body: LateBody,
    /// Whether it holds a secret: artefacts that carry it are written 0600.
    pub secret: bool,
}

/// What user data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LateBody {
    /// Text, with values of the stack in it.
    Text(Vec<LatePiece>),
    /// Bytes that nothing can be put into.
    Bytes(Vec<u8>),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LatePiece {
    Literal(String),
    /// The stack's.
    Stack(StackFact),
}

impl From<String> for Filled {
    fn from(text: String) -> Self {
        Self { text, places: Vec::new() }
    }
}

impl Filled {
    /// Returns a text of parts, each as `write` writes it.
    pub(super) fn of(parts: &[LatePart], write: impl Fn(&str) -> String) -> Self {
        let mut made = Self::default();
        for part in parts {
            let from = made.text.len();
            made.push_str(&write(part.now()));
            if let LatePart::Value(value) = part {
                made.add_place(from..made.text.len(), value.fact);
            }
        }
        made
    }

    /// Says that what stands somewhere in the text, behind all such places so far, is the stack's.
    pub(super) fn add_place(&mut self, range: Range<usize>, fact: StackFact) {
        self.places.push(Place { range, fact });
    }

    /// Appends a text without late values.
    pub(super) fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends another text with its places.
    pub(super) fn push(&mut self, other: &Self) {
        let by = self.text.len();
        self.places.extend(other.places_moved(by));
        self.text.push_str(&other.text);
    }

    /// Says that another text stands in this one, `by` bytes from its start.
    pub(super) fn holds(&mut self, other: &Self, by: usize) {
        self.places.extend(other.places_moved(by));
    }

    fn places_moved(&self, by: usize) -> impl Iterator<Item = Place> {
        let moved = move |Place { range, fact }: &Place| Place {
            range: range.start + by..range.end + by,
            fact: *fact,
        };
        self.places.iter().map(moved)
    }

    /// Returns whether a stack fills anything in.
    pub(super) fn is_late(&self) -> bool {
        !self.places.is_empty()
    }

    /// Returns the text, filled with today's values.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the bytes of the text.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// Returns the text as what is known and what the stack fills in.
    pub(super) fn pieces(&self) -> Vec<LatePiece> {
        let mut pieces = Vec::new();
        let mut from = 0;
        let literal = |range: Range<usize>| {
            let text =
                self.text.get(range).expect("places are taken down while the text is written");
            LatePiece::Literal(text.to_owned())
        };
        for Place { range, fact } in &self.places {
            pieces.extend([literal(from..range.start), LatePiece::Stack(*fact)]);
            from = range.end;
        }
        pieces.push(literal(from..self.text.len()));
        pieces
    }
}
