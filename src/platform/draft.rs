//! What has been generated so far for a machine: the layer that a profile's own units and files then override.

use std::collections::BTreeSet;

use crate::model::Call;
use crate::model::StackFact;
use crate::model::UnitText;
use crate::model::machine::{Contents, File, Filesystem, Raid, Unit};
use crate::source::{Sources, Spanned};

/// The generated layer.
#[derive(Debug, Default)]
pub struct Draft {
    /// In the order a running system starts them.
    pub units: Vec<Unit>,
    /// In any order.
    pub files: Vec<File>,
    pub raid: Vec<Raid>,
    /// File systems.
    pub filesystems: Vec<Filesystem>,
    /// Values of the stack that units use.
    pub stack: BTreeSet<StackFact>,
    /// What units ask of AWS.
    pub calls: BTreeSet<Call>,
}

/// Returns a unit of which nothing is said but its name.
pub fn bare_unit(name: Spanned<String>) -> Unit {
    Unit {
        name,
        contents: None,
        enabled: None,
        mask: false,
        dropins: std::collections::BTreeMap::new(),
        command: None,
        fleet: None,
        secret: false,
    }
}

/// Returns a generated unit; one with an `[Install]` section is enabled.
pub fn generated_unit(name: Spanned<String>, text: &UnitText) -> Unit {
    let contents = text.to_string();
    let enabled = contents.contains("\n[Install]\n").then_some(true);
    Unit { contents: Some(contents), enabled, ..bare_unit(name) }
}

/// Returns a generated file that belongs to root.
pub fn generated_file(path: impl Into<String>, mode: u32, contents: impl Into<Vec<u8>>) -> File {
    File {
        path: Spanned::new(path.into(), Sources::NOWHERE),
        mode: Spanned::new(mode, Sources::NOWHERE),
        user: None,
        group: None,
        contents: Contents::open(contents),
    }
}

/// Returns a generated script: without indentation, and without comments but the one that says what runs it.
/// User data has a limit, and what is written here is explained where it is written.
pub fn generated_script(path: impl Into<String>, mode: u32, script: &str) -> File {
    let is_kept =
        |line: &&str| !line.is_empty() && (!line.starts_with('#') || line.starts_with("#!"));
    let lines = script.lines().map(|line| {
        let line = line.trim_start();
        // what a function takes stands behind its name
        line.find("() { # ").and_then(|end| line.get(..end + 4)).unwrap_or(line)
    });
    generated_file(
        path,
        mode,
        lines.filter(is_kept).flat_map(|line| [line, "\n"]).collect::<String>(),
    )
}
