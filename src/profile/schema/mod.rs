//! What a user may write: every key, its type and its meaning, as data.
//!
//! The one table behind checking, "did you mean" and the reference. It knows words, not what they do, and of the words
//! only the language's own: all sections come with the grammar.

mod grammar;
mod own;
mod types;

pub use grammar::{Core, Grammar, Section};
pub(super) use own::VARIABLE_TYPES;
pub use types::{AUDIENCE, Bare, Field, Form, Key, LINES, TEXTS, Type, UNITS, field};
