//! User data with holes: what a stack fills in when it makes the machine.
//!
//! The stack's values lie in one small file, [`Machine::STACK_FILE`]. It is printed with the values known now, or with
//! a mark for each that is cut out again once the whole text is there. Knows no format.

use crate::model::StackFact;
use crate::model::machine::{File, Machine, StackValue};
use crate::source::{Sources, Spanned};

/// User data as a stack gives it to an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LateData {
    /// Text, with values of the stack in it.
    Text(Vec<LatePiece>),
    /// Bytes that nothing can be put into.
    Bytes(Vec<u8>),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LatePiece {
    /// As it is.
    Literal(String),
    /// The stack's.
    Stack(StackFact),
}

/// How the values of the stack are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StackText {
    /// As they are known now.
    #[default]
    Now,
    /// As marks, to be cut out.
    Marked,
}

/// Returns the file of the stack's values; `None` where nothing uses any.
pub(super) fn stack_file(machine: &Machine, how: StackText) -> Option<File> {
    if machine.stack.is_empty() {
        return None;
    }
    let span = machine.span().unwrap_or(Sources::NOWHERE);
    let line = |StackValue { fact, now }: &StackValue| {
        let value = match how {
            StackText::Marked if is_late(*fact) => mark(*fact),
            StackText::Now | StackText::Marked => now.clone(),
        };
        format!("{}={value}\n", fact.variable())
    };
    Some(File {
        path: Spanned::new(Machine::STACK_FILE.to_owned(), span),
        mode: Spanned::new(0o644, span),
        user: None,
        group: None,
        contents: machine.stack.iter().map(line).collect::<String>().into_bytes(),
        secret: false,
    })
}

/// Tells whether only the stack knows a value; a logical id is known when the template is written.
fn is_late(fact: StackFact) -> bool {
    !matches!(fact, StackFact::Group | StackFact::Ready)
}

/// Returns the most bytes a value may have, and so the most that user data may grow by it.
fn most_bytes(fact: StackFact) -> usize {
    match fact {
        StackFact::Name => 128,
        StackFact::Id => 256,
        StackFact::Region => 20,
        StackFact::AccountId | StackFact::Advertised => 12,
        StackFact::Partition => 10,
        StackFact::DiscoveryUrl => LONGEST_URL,
        StackFact::ZoneId => 32,
        StackFact::Group | StackFact::Ready => 0,
    }
}

/// Longest discovery URL that a stack's parameter takes.
pub const LONGEST_URL: usize = 256;

/// Returns by how many bytes the user data may grow once a stack has filled in its values.
pub(super) fn growth(machine: &Machine) -> usize {
    let grows = |value: &StackValue| most_bytes(value.fact).saturating_sub(value.now.len());
    machine.stack.iter().map(grows).sum()
}

fn mark(fact: StackFact) -> String {
    format!("@@{}@@", fact.variable())
}

/// Cuts the marks out of a text; `None` where it holds not exactly one of each.
pub(super) fn cut(machine: &Machine, text: &str) -> Option<Vec<LatePiece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    for StackValue { fact, .. } in machine.stack.iter().filter(|value| is_late(value.fact)) {
        let (before, after) = rest.split_once(&mark(*fact))?;
        if after.contains(&mark(*fact)) {
            return None;
        }
        pieces.extend([LatePiece::Literal(before.to_owned()), LatePiece::Stack(*fact)]);
        rest = after;
    }
    pieces.push(LatePiece::Literal(rest.to_owned()));
    Some(pieces)
}
