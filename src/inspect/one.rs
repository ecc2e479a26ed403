//! The user data of one machine: which form it has, what it says, and what is wrong with its units.

use super::fault::unreadable;
use super::machine::Found;
use super::{cloud_config, ignition};
use crate::check::{self, View};
use crate::diagnostic::Diagnostics;
use crate::os;
use crate::source::{FileId, Node, Sources, Span, parse_tagged};
use crate::unitfile::RawUnits;

/// Reads the user data of one machine.
pub(super) fn one(
    title: String,
    file: FileId,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<Found> {
    let start = Span::new(file, 0, sources.text(file).lines().next().map_or(0, str::len));
    let found = match form(file, sources) {
        Form::CloudConfig => cloud_config::read(title, file, sources, diags)?,
        Form::Ignition(tree) => ignition::read(title, &tree, sources, diags),
        Form::Script => Found::new(title, "script", os::DEFAULT, sources.text(file).len()),
        Form::Template(_) => {
            unreadable(start, "a template inside of a template", diags);
            return None;
        }
        Form::Multipart => {
            unreadable(start, "several parts in one: give each by itself", diags);
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
    Some(found)
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

/// What a text is.
pub(super) enum Form {
    CloudConfig,
    Script,
    Ignition(Node),
    Template(Node),
    Multipart,
    /// No user data: what it is, and what to do with it.
    Foreign(&'static str),
    Nothing,
}

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
    if ["[Unit]", "[Service]"].contains(&first.trim_end()) {
        return Form::Foreign(
            "a unit of systemd: put it into `units/` of a profile and check that",
        );
    }
    match parse_tagged(file, text) {
        Ok(tree) if tree.get("variant").is_some() && tree.get("version").is_some() => {
            Form::Foreign(
                "a config of Butane, which no machine reads: have `butane` make Ignition of it",
            )
        }
        Ok(tree) if tree.get("ignition").is_some_and(|node| node.entries().is_some()) => {
            Form::Ignition(tree)
        }
        Ok(tree) if tree.get("Resources").is_some_and(|node| node.entries().is_some()) => {
            Form::Template(tree)
        }
        _ => Form::CloudConfig,
    }
}
