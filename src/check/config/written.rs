//! Everything that is written to the disk of a machine before it starts: files, directories, links and unit files.

use std::collections::BTreeMap;

use crate::model::machine::Machine;
use crate::source::{Sources, Span, Spanned};

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Directory,
    /// A symbolic or hard link.
    Link,
    /// A unit file or a drop-in.
    Unit,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Link => "link",
            Self::Unit => "unit file",
        }
    }
}

/// Something at a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// Where it is written in the profile.
    pub(super) span: Span,
}

/// What is at each path; of several at one, the profile's own last.
#[derive(Debug, Default)]
pub struct Written(BTreeMap<String, Vec<Entry>>);

impl Written {
    /// Returns what a machine gets.
    pub(super) fn of(machine: &Machine) -> Self {
        let mut all = Self::default();
        for unit in &machine.units {
            let has_file = unit.contents.is_some() || unit.mask;
            all.unit(&unit.name, has_file, unit.dropins.keys().map(String::as_str));
        }
        machine.files.iter().for_each(|file| all.add(&file.path, Kind::File));
        machine.directories.iter().for_each(|made| all.add(&made.path, Kind::Directory));
        machine.links.iter().for_each(|link| all.add(&link.path, Kind::Link));
        for entries in all.0.values_mut() {
            entries.sort_by_key(|entry| entry.span.file != Sources::BUILTIN);
        }
        all
    }

    /// Adds the file of a unit, where it has one, and those of its drop-ins.
    pub fn unit<'n>(
        &mut self,
        name: &Spanned<String>,
        has_file: bool,
        dropins: impl Iterator<Item = &'n str>,
    ) {
        let path = format!("/etc/systemd/system/{}", name.value);
        let entry = Entry { kind: Kind::Unit, span: name.span };
        for dropin in dropins {
            self.0.entry(format!("{path}.d/{dropin}")).or_default().push(entry);
        }
        if has_file {
            self.0.entry(path).or_default().push(entry);
        }
    }

    /// Adds what is at a path.
    pub fn add(&mut self, path: &Spanned<String>, kind: Kind) {
        self.0.entry(path.value.clone()).or_default().push(Entry { kind, span: path.span });
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Vec<Entry>)> {
        self.0.iter()
    }

    pub(super) fn at(&self, path: &str) -> Option<&Vec<Entry>> {
        self.0.get(path)
    }
}
