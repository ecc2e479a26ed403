//! Everything that is written to the disk of a machine before it starts: files, directories, links and unit files.

use std::collections::BTreeMap;

use crate::model::machine::Machine;
use crate::source::{Sources, Span};

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
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

/// Returns what is at each path; of several at one, the profile's own last.
pub(super) fn written(machine: &Machine) -> BTreeMap<String, Vec<Entry>> {
    let mut all: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    let mut add = |path: String, kind: Kind, span: Span| {
        all.entry(path).or_default().push(Entry { kind, span });
    };
    for unit in &machine.units {
        let path = format!("/etc/systemd/system/{}", unit.name.value);
        for dropin in unit.dropins.keys() {
            add(format!("{path}.d/{dropin}"), Kind::Unit, unit.name.span);
        }
        if unit.contents.is_some() || unit.mask {
            add(path, Kind::Unit, unit.name.span);
        }
    }
    machine.files.iter().for_each(|file| add(file.path.value.clone(), Kind::File, file.path.span));
    for directory in &machine.directories {
        add(directory.path.value.clone(), Kind::Directory, directory.path.span);
    }
    machine.links.iter().for_each(|link| add(link.path.value.clone(), Kind::Link, link.path.span));
    for entries in all.values_mut() {
        entries.sort_by_key(|entry| entry.span.file != Sources::BUILTIN);
    }
    all
}
