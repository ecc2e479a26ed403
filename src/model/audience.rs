//! Who may reach a port, as its owner says.

use std::collections::BTreeSet;
use std::fmt;

/// Somebody who may reach a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// The machine itself.
    Host,
    /// The other nodes of the role.
    Members,
    /// Whoever uses the service.
    Clients,
    /// Whoever reads its metrics and watches it.
    Monitoring,
}

impl Audience {
    /// All of them, with the word a profile uses.
    pub const ALL: [(&'static str, Self); 4] = [
        ("host", Self::Host),
        ("members", Self::Members),
        ("clients", Self::Clients),
        ("monitoring", Self::Monitoring),
    ];
}

/// Everybody who may reach a port; whoever lets anybody in from outside lets the members in, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audiences(BTreeSet<Audience>);

impl Audiences {
    /// Returns the audience that the words mean: every word but `host` implies `members`.
    pub fn of(words: impl IntoIterator<Item = Audience>) -> Self {
        let mut all: BTreeSet<Audience> = words.into_iter().collect();
        if all.iter().any(|one| *one != Audience::Host) {
            all.insert(Audience::Members);
        }
        Self(all)
    }

    /// Returns whether `one` may reach the port.
    pub fn includes(&self, one: Audience) -> bool {
        self.0.contains(&one)
    }
}

impl fmt::Display for Audiences {
    /// The words, in their order, joined by commas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Audience::ALL.iter().filter(|(_, one)| self.includes(*one));
        f.write_str(&words.map(|(word, _)| *word).collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_but_host_implies_members() {
        for (words, shown) in [
            (&[Audience::Host][..], "host"),
            (&[Audience::Members], "members"),
            (&[Audience::Clients], "members, clients"),
            (&[Audience::Monitoring, Audience::Host], "host, members, monitoring"),
            (&[], ""),
        ] {
            assert_eq!(Audiences::of(words.iter().copied()).to_string(), shown);
        }
    }
}
