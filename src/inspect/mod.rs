//! User data as machines get it, read back: what it would make of a machine, and what is wrong with it.
//!
//! Takes whatever people have: Ignition, CoreOS cloud-config, a script, or a CloudFormation template that holds one of
//! these; plain, as base64 or gzipped. Everything is bounded. Does not resolve what only a stack or a machine knows.

mod cloud_config;
mod ignition;
mod keys;
mod machine;
mod mapped;
mod packing;
mod show;
mod template;

use crate::check;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Os;
use crate::source::{FileId, Node, Origin, Sources, Span, as_text, parse_tagged};

pub use machine::Found;
pub use show::show;

/// Most bytes of user data that EC2 takes, raw.
const EC2: usize = 16_384;

/// Reads user data; `name` and `origin` say where the bytes come from.
///
/// What can be understood is returned, one for each machine the bytes are for, in the order written.
pub fn read(
    name: &str,
    bytes: &[u8],
    origin: Origin,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Vec<Found> {
    let unpacked = match packing::unpack(bytes) {
        Ok(unpacked) => unpacked,
        Err(fault) => {
            let file = sources.add_from(origin, name, "");
            unreadable(Span::new(file, 0, 0), &fault, diags);
            return Vec::new();
        }
    };
    let text = match as_text(&unpacked.bytes) {
        Ok(text) => text,
        Err(error) => {
            let file = sources.add_from(origin, name, "");
            unreadable(Span::new(file, 0, 0), &error.to_string(), diags);
            return Vec::new();
        }
    };
    let file = match unpacked.how.as_str() {
        "" => sources.add_from(origin, name, text),
        how => sources.add_from(Origin::NoFile, format!("{name}, {how}"), text),
    };
    let title = sources.name(file).to_owned();
    if let Form::Template(tree) = form(file, sources) {
        return template::read(&title, file, &tree, sources, diags);
    }
    let sent = if unpacked.how.contains("base64") { None } else { Some(bytes.len()) };
    let found = one(title, file, sources, diags);
    let mut found: Vec<Found> = found.into_iter().collect();
    for found in &mut found {
        found.sent = sent;
    }
    found
}

/// What a text is.
enum Form {
    CloudConfig,
    Script,
    Ignition(Node),
    Template(Node),
    Multipart,
    Nothing,
}

fn form(file: FileId, sources: &Sources) -> Form {
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
    match parse_tagged(file, text) {
        Ok(tree) if tree.get("ignition").is_some_and(|node| node.entries().is_some()) => {
            Form::Ignition(tree)
        }
        Ok(tree) if tree.get("Resources").is_some_and(|node| node.entries().is_some()) => {
            Form::Template(tree)
        }
        _ => Form::CloudConfig,
    }
}

/// Reads the user data of one machine.
fn one(
    title: String,
    file: FileId,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<Found> {
    let start = Span::new(file, 0, sources.text(file).lines().next().map_or(0, str::len));
    let found = match form(file, sources) {
        Form::CloudConfig => cloud_config::read(title, file, sources, diags)?,
        Form::Ignition(tree) => ignition::read(title, &tree, sources, diags),
        Form::Script => Found::new(title, "script", Os::Flatcar, sources.text(file).len()),
        Form::Template(_) => {
            unreadable(start, "a template inside of a template", diags);
            return None;
        }
        Form::Multipart => {
            unreadable(start, "several parts in one: give each by itself", diags);
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
    check::run_raw(sources, &found.cluster, diags);
    found.inner.iter().for_each(|inner| check_units(inner, sources, diags));
}

fn unreadable(span: Span, why: &str, diags: &mut Diagnostics) {
    let title = format!("cannot read the user data: {why}");
    diags
        .report(Diagnostic::error("user-data-not-read", span, title, "not read").help(
            "give Ignition, a cloud-config, a script, or a CloudFormation template with one",
        ));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_panic(
            head in prop_oneof![
                Just("#cloud-config\n"), Just("{\"ignition\":{\"version\":\"3.4.0\"},"),
                Just("Resources:\n  A:\n    Type: AWS::EC2::Instance\n    Properties: {UserData: "), Just(""), Just("\x1f\u{8b}")
            ],
            body in "[-a-z:{}\\[\\]\"'#!&*$\\\\\n _0-9éFn]*",
        ) {
            let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
            let text = format!("{head}{body}");
            let found = read("x", text.as_bytes(), Origin::Outside, &mut sources, &mut diags);
            prop_assert!(found.len() <= 1);
            for found in &found {
                show(found);
            }
            for finding in diags.sorted() {
                crate::diagnostic::render(&sources, finding, 100);
            }
        }
    }
}
