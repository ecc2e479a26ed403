//! Paths of a host: what lies on which disk, and what a profile's own texts speak of.

use crate::check::Facts;
use crate::model::{PerNode, Piece, Role, Text};

/// Tells whether `path` is `directory` or something in it.
pub(super) fn is_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Tells whether a path is on a disk of its own: a volume, or a file system that is made and mounted.
pub(super) fn on_disk_of_its_own(role: &Role, path: &str) -> bool {
    let volumes = role.volumes.iter().map(|volume| volume.mount.value.as_str());
    let made = role.storage.filesystems.iter();
    let made = made.filter_map(|made| made.path.as_ref()).map(|path| path.value.as_str());
    volumes.chain(made).any(|mount| mount != "/" && is_below(path, mount))
}

/// Tells whether a raw unit, a drop-in or a file of the profile mentions a path.
pub(super) fn is_mentioned(facts: &Facts<'_>, path: &str) -> bool {
    let units = facts.role.units.iter();
    let in_units = units
        .flat_map(|unit| {
            let contents = unit.contents.iter().map(|contents| &contents.value);
            contents.chain(unit.dropins.iter().map(|dropin| &dropin.contents.value))
        })
        .any(|text| first(text).contains(path));
    let in_files = || {
        facts.role.files.iter().filter(|file| !file.remove).any(|file| {
            std::str::from_utf8(file.contents.on(0)).is_ok_and(|text| text.contains(path))
        })
    };
    in_units || in_files()
}

/// Returns a text as it is on the first node, with the name of each host fact in its place.
pub(super) fn first(text: &PerNode<Text>) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Host(fact) => format!("host.{fact}"),
        Piece::Stack(fact) => format!("stack.{fact}"),
        Piece::Secret(source) => source.to_string(),
    };
    text.on(0).pieces().iter().map(piece).collect()
}
