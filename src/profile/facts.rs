//! Facts in what templates see: values that are known only at boot, each under a key that stands for it.
//!
//! A key opens with a character that no YAML file, environment or command line can hold, and never gets into a text:
//! the engine writes each value in one piece, and what it writes in place of a key is the fact.

use crate::model::{HostFact, SecretSource, StackFact, Text};

/// Opens every key.
const OPEN: char = '\0';

/// The facts that templates of a role may write out.
#[derive(Debug, Default)]
pub(super) struct Facts(Vec<Text>);

impl Facts {
    /// Takes up a fact of the host, and returns its key.
    pub(super) fn host(&mut self, fact: HostFact) -> String {
        self.add(Text::host(fact))
    }

    /// Takes up a value of the stack, and returns its key.
    pub(super) fn stack(&mut self, fact: StackFact) -> String {
        self.add(Text::stack(fact))
    }

    /// Takes up a secret that is fetched at boot, and returns its key.
    pub(super) fn secret(&mut self, source: SecretSource) -> String {
        let mut text = Text::default();
        text.push_secret(source);
        self.add(text)
    }

    fn add(&mut self, fact: Text) -> String {
        self.0.push(fact);
        format!("{OPEN}{}", self.0.len() - 1)
    }

    /// Returns the fact that a key stands for; `None` for any other text.
    pub(super) fn find(&self, key: &str) -> Option<&Text> {
        self.0.get(key.strip_prefix(OPEN)?.parse::<usize>().ok()?)
    }
}

/// Returns whether a value in the context stands for a fact.
pub(super) fn is_fact(value: &str) -> bool {
    value.starts_with(OPEN)
}
