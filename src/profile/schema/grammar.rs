//! All keys of a profile: the language's own, and the sections that the program hands in.

use super::own::{DEFAULTS, KIND, OWN, SERVICES};
use super::types::{Field, Type, field};

/// A section with keys of its own.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its key, and where it is a service the word of `kind`.
    pub word: &'static str,
    pub keys: &'static [Field],
    /// What it means, in one sentence.
    pub doc: &'static str,
    /// What it says where a profile does not: YAML text that opens with its key, or nothing.
    pub defaults: &'static str,
}

impl Section {
    /// Returns it as a key of the profile.
    pub const fn field(&self) -> Field {
        field(self.word, Type::Record(self.keys), self.doc)
    }
}

/// A section that is no service.
#[derive(Clone, Copy, Debug)]
pub enum Core {
    /// One of known keys.
    Section(&'static Section),
    /// Any other.
    Key(Field),
}

/// What may stand in a profile.
#[derive(Debug)]
pub struct Grammar {
    /// Kinds of services: each may be a section of its own, and the `kind` of an instance.
    pub kinds: Vec<&'static Section>,
    /// All other sections.
    pub core: Vec<Core>,
}

impl Grammar {
    /// Returns every key of a profile, in the order in which they are listed.
    pub fn fields(&self) -> Vec<Field> {
        let kinds = self.kinds.iter().map(|kind| kind.field());
        let core = self.core.iter().map(|core| match core {
            Core::Section(section) => section.field(),
            Core::Key(field) => *field,
        });
        OWN.iter().copied().chain(kinds).chain([SERVICES]).chain(core).collect()
    }

    /// Returns the kind of service of this name.
    pub fn kind(&self, word: &str) -> Option<&'static Section> {
        self.kinds.iter().copied().find(|kind| kind.word == word)
    }

    /// Returns the words of all kinds.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.kinds.iter().map(|kind| kind.word)
    }

    /// Returns the keys of an instance of a kind.
    pub fn instance(kind: &Section) -> Vec<Field> {
        std::iter::once(KIND).chain(kind.keys.iter().copied()).collect()
    }

    /// Returns cfgbuild's own layer as one YAML text.
    pub fn defaults(&self) -> String {
        let kinds = self.kinds.iter().map(|kind| kind.defaults);
        let core = self.core.iter().map(|core| match core {
            Core::Section(section) => section.defaults,
            Core::Key(_) => "",
        });
        std::iter::once(DEFAULTS).chain(kinds).chain(core).collect()
    }
}
