//! What user data makes of machines, as one JSON document.
//!
//! `docs/machine.schema.json` describes it. A field is added without a word; one that changes its meaning raises
//! `version`.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;

use super::machine::{Found, whole};
use crate::model::{FileSpec, Owner, User};

/// Returns the document of what was found.
pub fn document(found: &[Found]) -> String {
    let document = Document { version: 1, machines: found.iter().map(machine).collect() };
    let mut text = serde_json::to_string_pretty(&document).expect("texts and numbers are JSON");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document {
    version: u32,
    machines: Vec<Shown>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    title: String,
    kind: String,
    bytes: usize,
    sent: Option<usize>,
    /// Whether it stands in the place of the config that holds it.
    replaces: bool,
    settings: Vec<Setting>,
    units: Vec<Unit>,
    files: Vec<File>,
    directories: Vec<Directory>,
    links: Vec<Link>,
    users: Vec<Account>,
    groups: Vec<String>,
    inner: Vec<Shown>,
}

#[derive(Serialize)]
struct Setting {
    heading: String,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct Unit {
    name: String,
    enabled: Option<bool>,
    mask: bool,
    command: Option<String>,
    contents: Option<String>,
    dropins: Vec<Dropin>,
}

#[derive(Serialize)]
struct Dropin {
    name: String,
    contents: String,
}

#[derive(Serialize)]
struct File {
    path: String,
    mode: String,
    user: Option<String>,
    group: Option<String>,
    /// Where it is fetched from at boot, and by what it is verified.
    fetched: Vec<String>,
    text: Option<String>,
    base64: Option<String>,
}

#[derive(Serialize)]
struct Directory {
    path: String,
    mode: String,
    user: Option<String>,
    group: Option<String>,
}

#[derive(Serialize)]
struct Link {
    path: String,
    target: String,
    hard: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    name: String,
    ssh_authorized_keys: Vec<String>,
    has_password: bool,
    primary_group: Option<String>,
    groups: Vec<String>,
    shell: Option<String>,
}

fn machine(found: &Found) -> Shown {
    Shown {
        title: found.title.clone(),
        kind: found.kind.clone(),
        bytes: found.bytes,
        sent: found.sent,
        replaces: found.replaces,
        settings: found
            .settings
            .iter()
            .map(|(heading, lines)| Setting { heading: heading.clone(), lines: lines.clone() })
            .collect(),
        units: found
            .units
            .iter()
            .map(|unit| Unit {
                name: unit.name.value.clone(),
                enabled: unit.enabled,
                mask: unit.mask,
                command: found.commands.get(&unit.name.value).cloned(),
                contents: unit.contents.as_ref().map(whole),
                dropins: unit
                    .dropins
                    .iter()
                    .map(|one| Dropin {
                        name: one.name.value.clone(),
                        contents: whole(&one.contents),
                    })
                    .collect(),
            })
            .collect(),
        files: found.files.iter().map(|one| file(one, found)).collect(),
        directories: found
            .directories
            .iter()
            .map(|one| Directory {
                path: one.path.value.clone(),
                mode: mode(one.mode.value),
                user: owner(one.user.as_ref()),
                group: owner(one.group.as_ref()),
            })
            .collect(),
        links: found
            .links
            .iter()
            .map(|one| Link {
                path: one.path.value.clone(),
                target: one.target.clone(),
                hard: one.hard,
            })
            .collect(),
        users: found.users.iter().map(account).collect(),
        groups: found.groups.iter().map(|group| group.name.value.clone()).collect(),
        inner: found.inner.iter().map(machine).collect(),
    }
}

fn file(file: &FileSpec, found: &Found) -> File {
    let bytes = file.contents.on(0);
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    File {
        path: file.path.value.clone(),
        mode: mode(file.mode.value),
        user: owner(file.user.as_ref()),
        group: owner(file.group.as_ref()),
        fetched: found.fetched_for(&file.path.value).cloned().collect(),
        text: text.map(str::to_owned),
        base64: text.is_none().then(|| BASE64_STANDARD.encode(bytes)),
    }
}

fn account(user: &User) -> Account {
    Account {
        name: user.name.value.clone(),
        ssh_authorized_keys: user.ssh_authorized_keys.clone(),
        has_password: user.password_hash.is_some(),
        primary_group: user.primary_group.clone(),
        groups: user.groups.clone(),
        shell: user.shell.clone(),
    }
}

fn mode(mode: u32) -> String {
    format!("{mode:04o}")
}

fn owner(owner: Option<&Owner>) -> Option<String> {
    owner.map(Owner::to_string)
}
