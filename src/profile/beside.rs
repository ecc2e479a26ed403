//! What lies beside a profile in its folder: texts of units and drop-ins, and files that it names.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::files::{Files, add, odd, unreadable};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Keys, Kind, Node, ReadError, Sources, Span, Spanned, Style};

/// Makes every text in `units/` the contents of the unit (or drop-in) it is named after.
pub(super) fn add_units(
    files: &mut Files<'_>,
    folder: &str,
    tree: &mut Node,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) {
    let base = format!("{folder}/units");
    let mut keys = Keys::default();
    for name in names(files, &base, tree.span, diags) {
        let path = format!("{base}/{name}");
        if let Some(unit) = name.strip_suffix(".d") {
            for dropin in names(files, &path, tree.span, diags) {
                if let Some((text, span)) =
                    side_text(files, &format!("{path}/{dropin}"), sources, diags)
                {
                    let dropin = dropin.strip_suffix(".hbs").unwrap_or(&dropin);
                    put_unit(tree, &mut keys, unit, &["dropins", dropin], text, span);
                }
            }
        } else if let Some((text, span)) = side_text(files, &path, sources, diags) {
            let unit = name.strip_suffix(".hbs").unwrap_or(&name);
            put_unit(tree, &mut keys, unit, &["contents"], text, span);
        }
    }
}

/// Replaces every `local: NAME` below `files` by the contents of `files/NAME`.
pub(super) fn add_files(
    files: &mut Files<'_>,
    folder: &str,
    tree: &mut Node,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) {
    let mut used = BTreeSet::new();
    for (_, file) in entry_mut(tree, "files").map(entries_mut).into_iter().flatten() {
        for (key, value) in entries_mut(file) {
            let Kind::Scalar(name, _) = &value.kind else { continue };
            if key.value != "local" {
                continue;
            }
            let path = format!("{folder}/files/{name}");
            used.insert(name.clone());
            match files.read(&path) {
                Ok(bytes) => match String::from_utf8(bytes) {
                    Ok(text) => {
                        let text = text.replace("\r\n", "\n");
                        let id = add(&path, &text, sources);
                        value.span = Span::new(id, 0, text.len());
                        let template = has_extension(name, "hbs");
                        // what is no template arrives byte for byte, whatever it is
                        if let Some(found) = odd(&path, id, &text).filter(|_| template) {
                            diags.report(found);
                        }
                        value.kind = Kind::Scalar(
                            text,
                            if template { Style::Block } else { Style::Verbatim },
                        );
                        "inline".clone_into(&mut key.value);
                    }
                    Err(error) if has_extension(name, "hbs") => {
                        let error = ReadError::NotText(error.utf8_error().valid_up_to());
                        diags.report(unreadable(&path, value.span, &error));
                    }
                    Err(error) => {
                        value.kind = Kind::Scalar(BASE64.encode(error.as_bytes()), Style::Verbatim);
                        "base64".clone_into(&mut key.value);
                    }
                },
                Err(error) => {
                    diags.report(unreadable(&path, value.span, &error));
                }
            }
        }
    }
    for name in names(files, &format!("{folder}/files"), tree.span, diags) {
        let prefix = format!("{name}/");
        let below = used.range(prefix.clone()..).next();
        if !used.contains(&name) && !below.is_some_and(|path| path.starts_with(&prefix)) {
            let title = format!("`{folder}/files/{name}` is used by no file of the profile");
            let help =
                format!("name it under `files`: `/etc/…: {{ local: {name} }}`, or delete it");
            diags.report(
                Diagnostic::warning("file-unused", tree.span, title, "in this profile").help(help),
            );
        }
    }
}

/// Returns the names in a folder beside a profile: one that cannot be read is an error, and not an empty one.
fn names(files: &Files<'_>, folder: &str, profile: Span, diags: &mut Diagnostics) -> Vec<String> {
    match files.list(folder) {
        Ok(names) => names,
        Err(error) => {
            let mut found = unreadable(folder, profile, &error);
            "this profile takes what lies in it".clone_into(&mut found.primary.text);
            diags.report(found);
            Vec::new()
        }
    }
}

/// Reads a text beside a profile into a scalar: a template if it ends in `.hbs`.
fn side_text(
    files: &mut Files<'_>,
    path: &str,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<((String, Style), Span)> {
    match files.text(path) {
        Ok(text) => {
            let id = add(path, &text, sources);
            let span = Span::new(id, 0, text.len());
            if let Some(found) = odd(path, id, &text) {
                diags.report(found);
                return None;
            }
            let style = if has_extension(path, "hbs") { Style::Block } else { Style::Verbatim };
            Some(((text, style), span))
        }
        Err(error) => {
            let mut found = unreadable(path, Sources::NOWHERE, &error);
            found.primary.text =
                format!("everything in a profile's `units/` becomes a unit: `{path}` too");
            diags.report(found);
            None
        }
    }
}

fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, last)| last == extension)
}

/// Returns the entries of a map.
pub(super) fn entries_mut(node: &mut Node) -> &mut [(Spanned<String>, Node)] {
    match &mut node.kind {
        Kind::Map(entries) => entries,
        Kind::Null | Kind::Scalar(..) | Kind::List(_) => &mut [],
    }
}

/// Returns the value of a key.
pub(super) fn entry_mut<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    entries_mut(node).iter_mut().find(|(name, _)| name.value == key).map(|(_, node)| node)
}

/// Sets a text of a unit unless the profile itself says something there; `keys` finds units among thousands.
fn put_unit(
    tree: &mut Node,
    keys: &mut Keys,
    unit: &str,
    path: &[&str],
    text: (String, Style),
    span: Span,
) {
    if let Some(Kind::Map(units)) = entry_mut(tree, "units").map(|units| &mut units.kind) {
        if let Some((_, known)) = keys.find(units, unit).and_then(|at| units.get_mut(at)) {
            return put(known, path, text, span);
        }
        let mut fresh = Node::new(span, Kind::Null);
        put(&mut fresh, path, text, span);
        units.push((Spanned::new(unit.to_owned(), span), fresh));
    } else {
        put(tree, &[&["units", unit], path].concat(), text, span);
    }
}

/// Sets a text deep in a tree unless the profile itself says something there.
fn put(node: &mut Node, path: &[&str], text: (String, Style), span: Span) {
    let Some((first, rest)) = path.split_first() else {
        node.kind = Kind::Scalar(text.0, text.1);
        return;
    };
    if !matches!(node.kind, Kind::Map(_)) {
        if !matches!(node.kind, Kind::Null) {
            return;
        }
        node.kind = Kind::Map(Vec::new());
    }
    if let Some(child) = entry_mut(node, first) {
        if !rest.is_empty() {
            put(child, rest, text, span);
        }
    } else if let Kind::Map(entries) = &mut node.kind {
        let mut child = Node::new(span, Kind::Null);
        put(&mut child, rest, text, span);
        entries.push((Spanned::new((*first).to_owned(), span), child));
    }
}
