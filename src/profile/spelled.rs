//! Spellings of other tools where a profile wants a map: a list of `NAME=VALUE`, `/from:/to:ro`, a text alone. What was
//! meant is said as this language has it.

use super::schema::{Form, Type};
use super::value::{Texts, Value, ValueKind};
use crate::source::Edit;

/// Sections whose entries are maps, and the key that a text alone stands for.
const TEXTS: [(&str, &str); 3] =
    [("files", "inline"), ("units", "contents"), ("containers", "image")];

/// Returns how a value is written that has another shape than its type, and the edit where it can be made.
pub(super) fn meant(value: &Value, of: &Type, path: &str) -> Option<(String, Option<Edit>)> {
    match (&value.kind, of.form()) {
        (ValueKind::List(items), Form::Map(..)) => list(value, items, path),
        (ValueKind::Scalar(_), Form::Record(_)) => text(value, path),
        (ValueKind::Scalar(_), Form::List(_)) => {
            let new = format!("[{}]", quoted(&plain(value)?));
            Some((format!("write it as a list: `{new}`"), Some(Edit::write(value.span, new))))
        }
        _ => None,
    }
}

/// Returns the text of a value that is the same on all nodes, made by no template, in one line and no secret.
fn plain(value: &Value) -> Option<String> {
    let scalar = value.scalar()?;
    let Texts::Same(text) = &scalar.texts else { return None };
    let text = text.plain().filter(|text| !text.contains('\n') && !text.is_empty())?;
    (!scalar.rendered && !scalar.is_secret()).then(|| text.to_owned())
}

/// Returns a text as YAML: in quotes unless it is a word that no reader takes for anything else.
fn quoted(text: &str) -> String {
    let is_word = text.starts_with('/') || text.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_other = words.contains(&text.to_ascii_lowercase().as_str());
    if is_word && text.chars().all(is_plain) && !is_other {
        return text.to_owned();
    }
    serde_json::to_string(text).unwrap_or_default()
}

/// A list where a map is meant: `[NAME=VALUE]`, or `[80]` for ports.
fn list(value: &Value, items: &[Value], path: &str) -> Option<(String, Option<Edit>)> {
    let key = path.rsplit('.').next()?;
    if key == "secrets" {
        return Some((secrets(items), None));
    }
    let entry = |item: &Value| {
        let text = plain(item)?;
        if key == "ports" {
            let (port, written) = port(&text)?;
            return Some(format!("port-{port}: {written}"));
        }
        let (name, value) = text.split_once('=')?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let is_key = !name.is_empty() && name.chars().all(is_name);
        is_key.then(|| format!("{name}: {}", quoted(value)))
    };
    let entries: Option<Vec<String>> = items.iter().map(entry).collect();
    let Some(entries) = entries.filter(|entries| !entries.is_empty()) else {
        let example = if key == "ports" { "http: 80" } else { "NAME: value" };
        return Some((format!("write it as a map by name: `{key}: {{ {example} }}`"), None));
    };
    let new = format!("{{ {} }}", entries.join(", "));
    let edit = Edit::set_beside(value.span, key, new.as_str());
    Some((format!("write it as a map by name: `{key}: {new}`"), Some(edit)))
}

/// A list of secrets, as Compose has it, which says of none where it comes from.
fn secrets(items: &[Value]) -> String {
    let name = |item: &Value| match &item.kind {
        ValueKind::Map(_) => plain(item.get("source")?),
        ValueKind::Null | ValueKind::Scalar(_) | ValueKind::List(_) => plain(item),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let names = items.iter().map(|item| name(item).filter(|name| name.chars().all(is_name)));
    let names: Option<Vec<String>> = names.collect();
    let names = names.filter(|names| !names.is_empty()).unwrap_or_else(|| vec!["NAME".to_owned()]);
    let each =
        |entry: fn(&String) -> String| names.iter().map(entry).collect::<Vec<_>>().join(", ");
    let uses = each(|name| format!("{name}: \"{{{{vars.{name}}}}}\""));
    let declared = each(|name| format!("{name}: {{ type: secret }}"));
    format!("say what each holds: `secrets: {{ {uses} }}`, beside `vars: {{ {declared} }}`")
}

/// Returns the number of a port on the host, and the port as it is written here: of `80`, `8080:80` or `53:53/udp`.
///
/// One that has an address is not the same here, where a port is open on every address of the machine.
pub(super) fn port(text: &str) -> Option<(u16, String)> {
    let (numbers, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (outer, inner) = numbers.split_once(':').unwrap_or((numbers, numbers));
    let number = |text: &str| text.parse::<u16>().ok().filter(|number| *number > 0);
    let (outer, inner) = (number(outer)?, number(inner)?);
    let mut keys = vec![format!("port: {outer}")];
    if inner != outer {
        keys.push(format!("container_port: {inner}"));
    }
    match protocol {
        "tcp" => {}
        "udp" => keys.push("protocol: udp".to_owned()),
        _ => return None,
    }
    let is_bare = keys.len() == 1;
    Some((outer, if is_bare { outer.to_string() } else { format!("{{ {} }}", keys.join(", ")) }))
}

/// A text where a map is meant: `/from:/to:ro` for a bind, or what one key of the map holds.
fn text(value: &Value, path: &str) -> Option<(String, Option<Edit>)> {
    let text = plain(value);
    if path.rsplit('.').next().is_some_and(|last| last.starts_with("binds[")) {
        let text = text?;
        let mut parts = text.split(':');
        let (from, to) = (parts.next()?, parts.next()?);
        let options = parts.flat_map(|part| part.split(','));
        // `rw` is what is without a word, and labels for containers are set where they are needed
        let options = options.filter(|word| !matches!(*word, "rw" | "z" | "Z"));
        let options: Vec<&str> = options.collect();
        let is_path = |path: &str| path.starts_with('/');
        let is_word = |word: &&str| matches!(*word, "ro" | "rslave");
        if !is_path(from) || !is_path(to) || !options.iter().all(is_word) {
            return Some(("write it as a map: `{ from: /…, to: /… }`".to_owned(), None));
        }
        let more = match options.as_slice() {
            [] => String::new(),
            options => format!(", options: [{}]", options.join(", ")),
        };
        let new = format!("{{ from: {}, to: {}{more} }}", quoted(from), quoted(to));
        return Some((format!("write it as a map: `{new}`"), Some(Edit::write(value.span, new))));
    }
    let section = path.split('.').next()?;
    let (_, key) = TEXTS.iter().find(|(known, _)| *known == section)?;
    let depth_fits = section != "containers" || path.matches('.').count() == 1;
    if !depth_fits {
        return None;
    }
    Some(match text {
        Some(text) => {
            let new = format!("{{ {key}: {} }}", quoted(&text));
            (format!("write it as a map: `{new}`"), Some(Edit::write(value.span, new)))
        }
        None => (format!("put the text below a key `{key}:`, two blanks further in"), None),
    })
}
