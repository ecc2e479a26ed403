//! `machine.json`: what a machine shall hold, for the reference tests to compare a real one with.
//!
//! Of no use to a machine; digests stand for texts.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::model::machine::{Directory, File, Link, Machine, Owner, Unit};

use super::files;

/// The whole document.
#[derive(Serialize)]
struct Document<'a> {
    files: Vec<FileModel<'a>>,
    directories: Vec<DirectoryModel<'a>>,
    links: Vec<LinkModel<'a>>,
    units: Vec<UnitModel<'a>>,
    hostname: Option<&'a str>,
    users: Vec<&'a str>,
}

#[derive(Serialize)]
struct FileModel<'a> {
    path: &'a str,
    mode: String,
    user: Option<OwnerModel<'a>>,
    group: Option<OwnerModel<'a>>,
    sha256: String,
    bytes: usize,
}

#[derive(Serialize)]
struct DirectoryModel<'a> {
    path: &'a str,
    mode: String,
    user: Option<OwnerModel<'a>>,
    group: Option<OwnerModel<'a>>,
}

#[derive(Serialize)]
struct LinkModel<'a> {
    path: &'a str,
    target: &'a str,
    hard: bool,
}

#[derive(Serialize)]
struct UnitModel<'a> {
    name: &'a str,
    enabled: Option<bool>,
    mask: bool,
    sha256: Option<String>,
    dropins: Vec<DropinModel<'a>>,
}

#[derive(Serialize)]
struct DropinModel<'a> {
    name: &'a str,
    sha256: String,
}

/// A name or a number, as JSON has them.
#[derive(Serialize)]
#[serde(untagged)]
enum OwnerModel<'a> {
    Name(&'a str),
    Id(u32),
}

/// Returns the document of one machine.
pub(super) fn print(machine: &Machine) -> Vec<u8> {
    let files = files::all(machine, machine.stack_file());
    let document = Document {
        files: files.iter().map(|file| file_model(file)).collect(),
        directories: machine.directories.iter().map(directory).collect(),
        links: machine.links.iter().map(link).collect(),
        units: machine.units.iter().map(unit).collect(),
        hostname: machine.hostname.as_deref(),
        users: machine.users.iter().map(|user| user.name.value.as_str()).collect(),
    };
    let mut json =
        serde_json::to_vec_pretty(&document).expect("texts and numbers always serialise");
    json.push(b'\n');
    json
}

fn file_model(file: &File) -> FileModel<'_> {
    let File { path, mode, user, group, contents } = file;
    let bytes = contents.bytes();
    FileModel {
        path: &path.value,
        mode: octal(mode.value),
        user: user.as_ref().map(owner),
        group: group.as_ref().map(owner),
        sha256: sha256(&bytes),
        bytes: bytes.len(),
    }
}

fn directory(directory: &Directory) -> DirectoryModel<'_> {
    let Directory { path, mode, user, group } = directory;
    DirectoryModel {
        path: &path.value,
        mode: octal(mode.value),
        user: user.as_ref().map(owner),
        group: group.as_ref().map(owner),
    }
}

fn link(link: &Link) -> LinkModel<'_> {
    let Link { path, target, hard } = link;
    LinkModel { path: &path.value, target, hard: *hard }
}

fn unit(unit: &Unit) -> UnitModel<'_> {
    let Unit { name, contents, enabled, mask, dropins, command: _, fleet: _, secret: _ } = unit;
    UnitModel {
        name: &name.value,
        enabled: *enabled,
        mask: *mask,
        // A mask takes the place of the text.
        sha256: contents.as_ref().filter(|_| !mask).map(|text| sha256(text.as_bytes())),
        dropins: dropins
            .iter()
            .map(|(name, text)| DropinModel { name, sha256: sha256(text.as_bytes()) })
            .collect(),
    }
}

fn owner(owner: &Owner) -> OwnerModel<'_> {
    match owner {
        Owner::Name(name) => OwnerModel::Name(name),
        Owner::Id(id) => OwnerModel::Id(*id),
    }
}

fn octal(mode: u32) -> String {
    format!("{mode:04o}")
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
