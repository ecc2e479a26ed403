//! The verbs and flags of docker and podman, as their own clients say them.
//!
//! The table is theirs: `command_lines.txt` says how it is made. Knows what there is, and nothing of what is written.

use std::sync::LazyLock;

use super::call_values::Kind;

/// The table: verbs and their flags.
const TABLE: &str = include_str!("command_lines.txt");

/// What is known of one client.
#[derive(Debug)]
pub(super) struct Client {
    /// `docker` or `podman`.
    pub(super) name: &'static str,
    /// The versions that were asked, the oldest first.
    versions: Vec<&'static str>,
    /// The first are the flags before any verb.
    verbs: Vec<Verb>,
}

/// A verb of a client.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verb {
    /// What it is called, and what else means the same: `run`, `container run`.
    names: Vec<&'static str>,
    pub(super) shape: Shape,
    flags: Vec<Known>,
}

/// What may follow a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Flags and operands.
    Plain,
    /// Another verb.
    Group,
    /// Whatever: it is not judged.
    Open,
}

/// A flag that a client knows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) letter: Option<char>,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// The last version that has it, where a newer one has not.
    pub(super) until: Option<&'static str>,
}

impl Client {
    /// Returns what is known of a client.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        static CLIENTS: LazyLock<Vec<Client>> = LazyLock::new(read);
        CLIENTS.iter().find(|client| client.name == name)
    }

    /// Returns the oldest and the newest version that was asked.
    pub(super) fn versions(&self) -> (&'static str, &'static str) {
        let (first, last) = (self.versions.first(), self.versions.last());
        (first.copied().unwrap_or(""), last.copied().unwrap_or(""))
    }

    /// Returns the flags before the verb.
    pub(super) fn root(&self) -> Option<&Verb> {
        self.verbs.first()
    }

    /// Returns a verb by any of its names.
    pub(super) fn verb(&self, name: &str) -> Option<&Verb> {
        self.verbs.iter().find(|verb| !name.is_empty() && verb.names.contains(&name))
    }

    /// Returns the names of all verbs in a group, of those that are in none where there is no group.
    pub(super) fn verbs_in<'a>(
        &'a self,
        group: &'a str,
    ) -> impl Iterator<Item = &'static str> + 'a {
        let names = self.verbs.iter().flat_map(|verb| &verb.names).copied();
        names.filter_map(move |name| match name.rsplit_once(' ') {
            Some((before, name)) => (before == group).then_some(name),
            None => (group.is_empty() && !name.is_empty()).then_some(name),
        })
    }

    /// Returns the flags before the verb that may stand behind it, too.
    pub(super) fn everywhere(&self) -> Option<&Verb> {
        self.verb("*")
    }
}

impl Verb {
    /// Returns its first name.
    pub(super) fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or("")
    }

    /// Returns a flag by its long name.
    pub(super) fn flag(&self, name: &str) -> Option<&Known> {
        self.flags.iter().find(|flag| flag.name == name)
    }

    /// Returns a flag by its letter.
    pub(super) fn letter(&self, letter: char) -> Option<&Known> {
        self.flags.iter().find(|flag| flag.letter == Some(letter))
    }

    /// Returns the long names of all flags.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.flags.iter().map(|flag| flag.name)
    }
}

fn read() -> Vec<Client> {
    let mut clients: Vec<Client> = Vec::new();
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some((name, versions)) = line.split_once(" = ") {
            let versions = versions.split(' ').collect();
            clients.push(Client { name, versions, verbs: Vec::new() });
            continue;
        }
        let Some(client) = clients.last_mut() else { continue };
        match line.strip_prefix(' ') {
            Some(flag) => {
                let known = client.verbs.last_mut().zip(flag_of(flag));
                if let Some((verb, flag)) = known {
                    verb.flags.push(flag);
                }
            }
            None => client.verbs.extend(verb_of(line)),
        }
    }
    clients
}

/// Reads `docker run -, container run`.
fn verb_of(line: &'static str) -> Option<Verb> {
    let mut names = line.split(", ");
    let (first, shape) = names.next()?.rsplit_once(' ')?;
    let shape = match shape {
        "+" => Shape::Group,
        "*" => Shape::Open,
        _ => Shape::Plain,
    };
    let first = first.split_once(' ').map_or("", |(_, verb)| verb);
    Some(Verb { names: [first].into_iter().chain(names).collect(), shape, flags: Vec::new() })
}

/// Reads `m memory bytes -24`.
fn flag_of(line: &'static str) -> Option<Known> {
    let mut words = line.split(' ');
    let letter = words.next()?.chars().next().filter(|letter| *letter != '-');
    let (name, kind) = (words.next()?, Kind::named(words.next()?)?);
    let until = words.next().and_then(|versions| versions.rsplit_once('-'));
    let until = until.map(|(_, until)| until).filter(|until| !until.is_empty());
    Some(Known { letter, name, kind, until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let flags = TABLE.lines().filter(|line| line.starts_with(' ')).count();
        let read = ["docker", "podman"].into_iter().filter_map(Client::named);
        let found: usize = read.flat_map(|client| &client.verbs).map(|verb| verb.flags.len()).sum();
        assert_eq!(found, flags);
        assert!(flags > 1000);
    }

    #[test]
    fn verbs_by_all_their_names() {
        let docker = Client::named("docker").expect("is in the table");
        assert_eq!(docker.verb("container run"), docker.verb("run"));
        assert_eq!(docker.verb("image rm").map(Verb::name), Some("rmi"));
        assert_eq!(docker.verb("compose"), None);
        assert_eq!(docker.verb("network").map(|verb| verb.shape), Some(Shape::Group));
        let run = docker.verb("run").expect("is in the table");
        assert_eq!(
            run.letter('m').map(|flag| (flag.name, flag.kind)),
            Some(("memory", Kind::Bytes))
        );
        assert_eq!(run.flag("net").map(|flag| flag.kind), Some(Kind::Text));
        assert!(docker.verbs_in("").any(|name| name == "ps"));
        assert!(docker.verbs_in("network").any(|name| name == "prune"));
    }
}
