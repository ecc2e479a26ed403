//! The user data of one machine: which form it has, what it says, and what is wrong with its units.

use std::collections::BTreeSet;

use super::fault::unreadable;
use super::machine::Found;
use super::show::SCRIPT;
use super::{cloud_config, ignition};
use crate::check::{self, Config, Kind, Owned, View, Written};
use crate::diagnostic::Diagnostics;
use crate::model::machine::KernelArguments;
use crate::os;
use crate::source::{Fault, FileId, Node, Sources, Span, Twice, no_json, parse_json, parse_tagged};
use crate::unitfile::RawUnits;

/// Reads the user data of one machine, which has the form that [`form`] says; `late` says that a stack puts values in.
pub(super) fn one(
    title: String,
    file: FileId,
    form: Form,
    late: bool,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<Found> {
    let start = Span::new(file, 0, sources.text(file).lines().next().map_or(0, str::len));
    let found = match form {
        Form::CloudConfig => cloud_config::read(title, file, sources, diags)?,
        Form::Ignition(tree, strict) => {
            let is_json = strict.is_ok();
            match strict {
                Ok(twice) => ignition::twice(&twice, diags),
                Err(fault) => {
                    diags.report((*fault).into());
                }
            }
            ignition::read(title, &tree, ignition::How { is_json, late }, sources, diags)
        }
        Form::Script => script(title, file, sources),
        Form::Broken(fault) => {
            diags.report((*fault).into());
            return None;
        }
        Form::Template(_) => {
            unreadable(start, "a template inside of a template", diags);
            return None;
        }
        Form::Multipart => {
            unreadable(start, "several parts inside of a part", diags);
            return None;
        }
        Form::Foreign(what) => {
            unreadable(start, what, diags);
            return None;
        }
        Form::Nothing => {
            unreadable(start, "there is nothing in it", diags);
            return None;
        }
    };
    check_units(&found, sources, diags);
    check_config(&found, diags);
    Some(found)
}

/// Checks accounts, disks and paths of a config and of those inside of it; each is one of its own.
fn check_config(found: &Found, diags: &mut Diagnostics) {
    let mut written = Written::default();
    let mut seen = BTreeSet::new();
    for unit in found.units.iter().filter(|unit| seen.insert(unit.name.value.as_str())) {
        let has_file = unit.mask || unit.contents.is_some();
        written.unit(&unit.name, has_file, unit.dropins.iter().map(|dropin| &*dropin.name.value));
    }
    found.files.iter().for_each(|file| written.add(&file.path, Kind::File));
    found.directories.iter().for_each(|made| written.add(&made.path, Kind::Directory));
    found.links.iter().for_each(|link| written.add(&link.path, Kind::Link));
    let files = found.files.iter().map(|file| Owned {
        what: "file",
        path: &file.path,
        user: file.user.as_ref(),
        group: file.group.as_ref(),
    });
    let links = found.links.iter().zip(&found.link_owners);
    let links = links.map(|(link, (user, group))| Owned {
        what: "link",
        path: &link.path,
        user: user.as_ref(),
        group: group.as_ref(),
    });
    let config = Config {
        form: check::Form::Ignition,
        os: found.os,
        users: &found.users,
        groups: &found.groups,
        directories: &found.directories,
        links: &found.links,
        disks: &found.storage.disks,
        raid: &found.storage.raid,
        filesystems: &found.storage.filesystems,
        devices: found.storage.filesystems.iter().map(|made| &made.device).collect(),
        kernel_arguments: {
            let KernelArguments { should_exist, should_not_exist } = &found.kernel_arguments;
            should_exist.iter().chain(should_not_exist).collect()
        },
        written,
        owned: files.chain(Owned::directories(&found.directories)).chain(links).collect(),
    };
    check::run_config(&config, diags);
    found.inner.iter().for_each(|inner| check_config(inner, diags));
}

/// Checks the units of a config and of those inside of it.
fn check_units(found: &Found, sources: &Sources, diags: &mut Diagnostics) {
    let view = View {
        sources,
        os: found.os,
        nodes: &[],
        units: &RawUnits::read(&found.units, 1, &[]),
        files: &found.files,
        mounts: Vec::new(),
        containers: Vec::new(),
        written: &[],
        machines: &[],
    };
    check::run_units(&view, diags);
    found.inner.iter().for_each(|inner| check_units(inner, sources, diags));
}

/// Reads a script: its lines are all that can be said of it.
fn script(title: String, file: FileId, sources: &Sources) -> Found {
    let text = sources.text(file);
    let mut found = Found::new(title, "script", os::DEFAULT, text.len());
    found.settings.push((SCRIPT.to_owned(), text.lines().map(str::to_owned).collect()));
    found
}

/// What a text is.
pub(super) enum Form {
    CloudConfig,
    Script,
    /// With the keys that come twice in it, or why it is not JSON.
    Ignition(Node, Result<Vec<Twice>, Box<Fault>>),
    Template(Node),
    Multipart,
    /// No user data: what it is, and what to do with it.
    Foreign(&'static str),
    /// Nothing that can be read, and would be JSON.
    Broken(Box<Fault>),
    Nothing,
}

/// Keys of an Ignition config, at its top.
const IGNITION: [&str; 5] = ["ignition", "kernelArguments", "passwd", "storage", "systemd"];

/// Returns what a text is.
pub(super) fn form(file: FileId, sources: &Sources) -> Form {
    let text = sources.text(file);
    let first = text.lines().next().unwrap_or("");
    if text.trim().is_empty() {
        return Form::Nothing;
    }
    if first.starts_with("#!") {
        return Form::Script;
    }
    if first.trim_end() == cloud_config::HEADER {
        return Form::CloudConfig;
    }
    let lower = first.to_ascii_lowercase();
    if lower.starts_with("content-type: multipart/") || lower.starts_with("mime-version:") {
        return Form::Multipart;
    }
    let words = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    if words.is_some_and(|line| line.starts_with('[') && line.ends_with(']') && line.len() > 2)
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err()
    {
        return Form::Foreign(
            "a unit of systemd: put it into `units/` of a profile and check that",
        );
    }
    if text.trim_start().starts_with('{') { json(file, text) } else { yaml(file, text) }
}

/// Returns what a text is that begins as JSON does.
fn json(file: FileId, text: &str) -> Form {
    let (tree, strict) = match parse_json(file, text) {
        Ok(json) => (json.tree, Ok(json.twice)),
        // what it would be, if it were JSON, is shown all the same
        Err(fault) => match parse_tagged(file, text) {
            Ok(tree) => (tree, Err(fault)),
            Err(_) => return Form::Broken(fault),
        },
    };
    let has = |keys: &[&str]| {
        let mut entries = tree.entries().unwrap_or_default().iter();
        entries.any(|(name, _)| keys.iter().any(|key| name.value.eq_ignore_ascii_case(key)))
    };
    if tree.get("Resources").is_some_and(|node| node.entries().is_some()) {
        Form::Template(tree)
    } else if has(&IGNITION) {
        Form::Ignition(tree, strict)
    } else if has(&["ignitionVersion"]) {
        Form::Foreign("an Ignition config of spec 1, which no system that is kept up reads")
    } else if has(&["terraform_version"]) {
        Form::Foreign("a plan or state of Terraform: give the `user_data` that is in it")
    } else {
        match strict {
            Ok(_) => Form::Foreign("JSON, and no Ignition config: it has no key `ignition`"),
            Err(fault) => Form::Broken(fault),
        }
    }
}

/// Returns what a text is that is YAML, if anything.
fn yaml(file: FileId, text: &str) -> Form {
    let Ok(tree) = parse_tagged(file, text) else { return Form::CloudConfig };
    let has = |key: &str| tree.get(key).is_some();
    let is_map = |key: &str| tree.get(key).is_some_and(|node| node.entries().is_some());
    if has("variant") && has("version") {
        return Form::Foreign(
            "a config of Butane: have `butane` make Ignition of it; Ignition itself reads it from 2.27.0 on",
        );
    }
    if has("apiVersion") && has("kind") {
        return Form::Foreign(
            "an object of Kubernetes: of a MachineConfig, give what is below `spec.config`",
        );
    }
    if is_map("ignition") {
        let end = text.lines().next().map_or(0, str::len);
        let fault = no_json(Span::new(file, 0, end), "it is YAML, which Ignition does not read");
        return Form::Ignition(tree, Err(Box::new(fault)));
    }
    if is_map("Resources") {
        return Form::Template(tree);
    }
    let is_compose = tree.get("services").and_then(Node::entries).is_some_and(|services| {
        services
            .iter()
            .any(|(_, service)| service.get("image").is_some() || service.get("build").is_some())
    });
    if is_compose {
        return Form::Foreign(
            "a file of Docker Compose: write its services as `containers` of a profile",
        );
    }
    if has("cluster") && !has("coreos") {
        return Form::Foreign("a profile of cfgbuild: `cfgbuild check` reads it");
    }
    Form::CloudConfig
}
