//! Devices of a container: `/dev/sda`, `/dev/sda:/dev/xvda:r` as docker and podman have it, or a map that says it.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::profile::scalar::is_clean_path;
use crate::profile::{Value, read};
use crate::source::{Edit, Span, Spanned};

/// A device as it is written.
struct Device {
    path: Spanned<String>,
    container_path: Option<Spanned<String>>,
    permissions: Option<Spanned<String>>,
}

/// Reads `devices`, each as `--device` takes it.
pub(super) fn devices(section: &Value, path: &str, diags: &mut Diagnostics) -> Vec<String> {
    let mut found: BTreeMap<String, Span> = BTreeMap::new();
    let mut words = Vec::new();
    let items = section.get("devices").map(Value::items).unwrap_or_default();
    for (index, item) in items.iter().enumerate() {
        let at = format!("{path}.devices[{index}]");
        let device =
            if item.scalar().is_some() { text(item, &at, diags) } else { map(item, &at, diags) };
        let Some(Device { path: from, container_path, permissions }) = device else { continue };
        let inside = container_path.as_ref().unwrap_or(&from);
        if let Some(other) = found.get(&inside.value) {
            let title = format!("two devices of `{path}` are at {}", inside.value);
            diags.report(
                Diagnostic::error("key-conflict", inside.span, title, "the path inside is taken")
                    .related(*other, "by this one")
                    .help("remove one of them, or give it another path in the container"),
            );
            continue;
        }
        words.push(match (&container_path, &permissions) {
            (None, None) => from.value.clone(),
            (Some(to), None) => format!("{}:{}", from.value, to.value),
            (_, Some(allowed)) => format!("{}:{}:{}", from.value, inside.value, allowed.value),
        });
        found.insert(inside.value.clone(), inside.span);
    }
    words
}

/// Reads `PATH[:CONTAINER_PATH][:PERMISSIONS]`.
fn text(item: &Value, at: &str, diags: &mut Diagnostics) -> Option<Device> {
    let written = read::text(item)?;
    let whole = written.value.as_str();
    let part = |text: &str| Spanned::new(text.to_owned(), written.span);
    let parts: Vec<&str> = whole.split(':').collect();
    let (from, to, allowed) = match parts.as_slice() {
        [from] => (*from, None, None),
        // as both engines tell them apart
        [from, second] if !second.contains('/') => (*from, None, Some(*second)),
        [from, to] => (*from, Some(*to), None),
        [from, to, allowed] => (*from, Some(*to), Some(*allowed)),
        _ => {
            let title = format!("`{at}` is `{whole}`, which has more than three parts");
            diags.report(
                Diagnostic::error("wrong-type", written.span, title, "cannot be taken apart").help(
                    "write it as PATH:CONTAINER_PATH:PERMISSIONS, as in `/dev/sda:/dev/xvda:r`",
                ),
            );
            return None;
        }
    };
    let better = |from: Option<String>, to: Option<String>, allowed: Option<String>| {
        [from, to, allowed].into_iter().flatten().collect::<Vec<_>>().join(":")
    };
    let (path, inside) = (absolute(from), to.map(absolute));
    let rights = allowed.map(rights);
    let is_right = path == from
        && inside.as_deref() == to
        && rights.as_ref().map(|rights| rights.as_deref()) == allowed.map(Some);
    if is_right && is_device(from) && to.is_none_or(is_device) {
        return Some(Device {
            path: part(from),
            container_path: to.map(part),
            permissions: allowed.map(part),
        });
    }
    let title = format!("`{at}` is `{whole}`, but must be {SHAPE}");
    let found = Diagnostic::error("wrong-type", written.span, title, format!("must be {SHAPE}"));
    let can_be = is_device(&path) && inside.as_deref().is_none_or(is_device);
    let known = rights.as_ref().is_none_or(Option::is_some);
    diags.report(if can_be && known {
        let better = better(Some(path), inside, rights.flatten());
        found.help(format!("write `{better}`")).edit(Edit::write(written.span, better))
    } else {
        found.help(RIGHTS)
    });
    None
}

/// Reads a map.
fn map(item: &Value, at: &str, diags: &mut Diagnostics) -> Option<Device> {
    let Some(path) = read::text_at(item, "path") else {
        read::missing(item.span, at, "path", "/dev/sda", diags);
        return None;
    };
    let permissions = read::text_at(item, "permissions");
    if let Some(written) = &permissions {
        let right = rights(&written.value);
        if right.as_ref() != Some(&written.value) {
            let title = format!(
                "`{at}.permissions` is `{}`, but must be letters of `rwm`, each once",
                written.value
            );
            let found = Diagnostic::error("wrong-type", written.span, title, "letters of `rwm`");
            diags.report(match right {
                Some(right) => {
                    found.help(format!("write `{right}`")).edit(Edit::write(written.span, right))
                }
                None => found.help(RIGHTS),
            });
            return None;
        }
    }
    Some(Device { path, container_path: read::text_at(item, "container_path"), permissions })
}

const SHAPE: &str = "PATH[:CONTAINER_PATH][:PERMISSIONS], with absolute paths and letters of `rwm`";
const RIGHTS: &str =
    "paths begin with `/`; permissions are letters of `rwm`: read, write, make nodes";

/// Returns whether a path can be that of a device in a text with colons.
fn is_device(path: &str) -> bool {
    is_clean_path(path) && !path.contains(':')
}

/// Returns a path as it is meant: devices are below `/dev`.
fn absolute(path: &str) -> String {
    match path.strip_prefix("dev/") {
        _ if path.starts_with('/') => path.to_owned(),
        Some(_) => format!("/{path}"),
        None => format!("/dev/{path}"),
    }
}

/// Returns permissions as both engines take them, each letter once; `None` where nobody knows what is meant.
fn rights(written: &str) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    let meant = if lower == "ro" { "r" } else { &lower };
    let mut letters = String::new();
    for letter in meant.chars() {
        if !"rwm".contains(letter) {
            return None;
        }
        if !letters.contains(letter) {
            letters.push(letter);
        }
    }
    (!letters.is_empty()).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::{absolute, rights};

    #[test]
    fn what_is_meant() {
        for (written, meant) in [
            ("r", Some("r")),
            ("mrw", Some("mrw")),
            ("RW", Some("rw")),
            ("rrw", Some("rw")),
            ("ro", Some("r")),
            ("rx", None),
            ("", None),
        ] {
            assert_eq!(rights(written).as_deref(), meant, "{written}");
        }
        for (written, meant) in
            [("/dev/sda", "/dev/sda"), ("dev/sda", "/dev/sda"), ("sda", "/dev/sda"), ("/x", "/x")]
        {
            assert_eq!(absolute(written), meant);
        }
    }
}
