//! Reads values that have passed the schema: what does not fit has been reported already and reads as absent.

use std::cmp::Reverse;

use serde_json::Value as Json;

use super::scalar;
use super::value::{Scalar, Value, ValueKind};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Audience, Audiences, Image, PerNode, Text};
use crate::source::{Span, Spanned, Style};

/// Returns a text that is the same on all nodes.
pub fn text(value: &Value) -> Option<Spanned<String>> {
    Some(Spanned::new(value.text()?.to_owned(), value.span))
}

/// Returns the text of a key.
pub fn text_at(map: &Value, key: &str) -> Option<Spanned<String>> {
    text(map.get(key)?)
}

/// Returns the boolean of a key.
pub fn bool_at(map: &Value, key: &str) -> Option<Spanned<bool>> {
    let value = map.get(key)?;
    Some(Spanned::new(scalar::boolean(value.text()?)?, value.span))
}

/// Returns the whole number of a key.
pub fn number_at<T: TryFrom<u64>>(map: &Value, key: &str) -> Option<Spanned<T>> {
    let value = map.get(key)?;
    Some(Spanned::new(T::try_from(scalar::integer(value.text()?)?).ok()?, value.span))
}

/// Returns the amount of a key in MiB, rounded down, at least 1.
pub fn mib_at(map: &Value, key: &str) -> Option<Spanned<u64>> {
    let value = map.get(key)?;
    Some(Spanned::new((scalar::bytes(value.text()?)? >> 20).max(1), value.span))
}

/// Returns the duration of a key in seconds.
pub fn seconds_at(map: &Value, key: &str) -> Option<Spanned<u64>> {
    let value = map.get(key)?;
    Some(Spanned::new(scalar::seconds(value.text()?)?, value.span))
}

/// Returns the permissions of a key.
pub fn mode_at(map: &Value, key: &str) -> Option<Spanned<u32>> {
    let value = map.get(key)?;
    let written = value.scalar()?;
    match scalar::mode(value.text()?, written.style != Style::Plain || written.rendered)? {
        scalar::Mode::Octal(mode) => Some(Spanned::new(mode, value.span)),
        scalar::Mode::Doubtful { .. } => None,
    }
}

/// Returns one of a table's values by the word of a key.
pub fn word_at<T: Copy>(map: &Value, key: &str, table: &[(&'static str, T)]) -> Option<Spanned<T>> {
    let value = map.get(key)?;
    let word = value.text()?;
    let (_, found) = table.iter().find(|(known, _)| *known == word)?;
    Some(Spanned::new(*found, value.span))
}

/// Returns the texts of a list.
pub fn texts_at(map: &Value, key: &str) -> Vec<Spanned<String>> {
    map.get(key).map(Value::items).unwrap_or_default().iter().filter_map(text).collect()
}

/// Returns the plain texts of a list.
pub fn words_at(map: &Value, key: &str) -> Vec<String> {
    texts_at(map, key).into_iter().map(|text| text.value).collect()
}

/// Returns the entries of a map that is the value of a key, without those a child removed.
pub fn entries_at<'v>(
    map: &'v Value,
    key: &str,
) -> impl Iterator<Item = (&'v Spanned<String>, &'v Value)> + use<'v> {
    let entries = map.get(key).map(Value::entries).unwrap_or_default();
    entries
        .iter()
        .filter(|(_, value)| value.kind != ValueKind::Null)
        .map(|(name, value)| (name, value))
}

/// Returns a text with its host facts, per node where nodes differ.
pub fn host_text(value: &Value) -> Option<PerNode<Text>> {
    Some(value.scalar()?.texts.clone())
}

/// Returns the text of a secret, where it may also stand alone where machines fetch it from: `ssm:NAME`.
pub fn secret_text(value: &Value) -> Option<PerNode<Text>> {
    let one = |text: &Text| match text.plain().and_then(scalar::secret_source) {
        Some(source) if !text.is_secret() => {
            let mut text = Text::default();
            text.push_secret(source);
            text
        }
        Some(_) | None => text.clone(),
    };
    Some(match host_text(value)? {
        PerNode::Same(text) => PerNode::Same(one(&text)),
        PerNode::Each(texts) => PerNode::Each(texts.iter().map(one).collect()),
    })
}

/// Returns the texts of a map of settings.
pub fn settings_at(map: &Value, key: &str) -> Vec<(Spanned<String>, Spanned<PerNode<Text>>)> {
    entries_at(map, key)
        .filter_map(|(name, value)| {
            Some((name.clone(), Spanned::new(host_text(value)?, value.span)))
        })
        .collect()
}

/// Reads who may reach a port of the map at `path`; clients where nothing is said.
pub fn audience(said: &Value, path: &str, diags: &mut Diagnostics) -> Audiences {
    let Some(list) = said.get("audience") else { return Audiences::of([Audience::Clients]) };
    if list.items().is_empty() {
        let title = format!("`audience` of a port in `{path}` names nobody");
        diags.report(
            Diagnostic::error("wrong-type", list.span, title, "nobody")
                .help("write `[host]` for a port that only the machine itself uses, or remove it"),
        );
    }
    let words = words_at(said, "audience");
    Audiences::of(words.iter().filter_map(|word| {
        Audience::ALL.iter().find(|(known, _)| known == word).map(|(_, one)| *one)
    }))
}

/// Returns any YAML as JSON on the node at `position`: plain scalars keep their types, quoted ones are texts.
pub fn json(value: &Value, position: usize) -> Json {
    match &value.kind {
        ValueKind::Null => Json::Null,
        ValueKind::List(items) => {
            Json::Array(items.iter().map(|item| json(item, position)).collect())
        }
        ValueKind::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|(name, value)| (name.value.clone(), json(value, position)))
                .collect(),
        ),
        ValueKind::Scalar(Scalar { texts, style, rendered, lines_of: _ }) => {
            // what is known only later has been refused here
            let text = texts.on(position).plain().unwrap_or("");
            let typed = *style == Style::Plain || *rendered && *style != Style::Block;
            if !typed {
                return Json::from(text);
            }
            match (scalar::boolean(text), text.parse::<i64>(), text.parse::<f64>()) {
                (Some(truth), ..) => Json::from(truth),
                (None, Ok(number), _) if number.to_string() == text => Json::from(number),
                (None, _, Ok(number)) if text.contains('.') && number.is_finite() => {
                    Json::from(number)
                }
                _ => Json::from(text),
            }
        }
    }
}

/// Reports a key that must be there.
pub fn missing(at: Span, path: &str, key: &str, example: &str, diags: &mut Diagnostics) {
    let title = format!("`{path}` has no `{key}`");
    diags.report(
        Diagnostic::error("missing-key", at, title, format!("needs `{key}`"))
            .help(format!("add `{key}: {example}`")),
    );
}

/// Returns the keys of `names` that are set, and reports where it is not exactly one.
pub fn one_of<'v>(
    map: &'v Value,
    at: Span,
    path: &str,
    names: &[&'static str],
    diags: &mut Diagnostics,
) -> Option<(&'static str, &'v Value)> {
    let set: Vec<(&'static str, &Value)> =
        names.iter().filter_map(|name| Some((*name, map.get(name)?))).collect();
    let all = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match set.as_slice() {
        [one] => Some(*one),
        [] => {
            let title = format!("`{path}` must have one of: {all}");
            let first = names.first().copied().unwrap_or_default();
            diags.report(
                Diagnostic::error("missing-key", at, title, "has none of them")
                    .help(format!("add one of them, as in `{first}: …`")),
            );
            None
        }
        several @ [first, ..] => {
            let title = format!("only one of the following can be set in `{path}`: {all}");
            // a role is read before its parents: what it says itself is what it means
            let meant = |(_, value): &&(&str, &Value)| (Reverse(value.span.file), value.span.start);
            let (kept, value) = several.iter().max_by_key(meant).unwrap_or(first);
            let mut found = Diagnostic::error(
                "key-conflict",
                value.span,
                title,
                format!("`{kept}` is set here"),
            );
            let mut others = Vec::new();
            for (name, value) in several.iter().filter(|(name, _)| name != kept) {
                found = found.related(value.span, format!("and `{name}` here"));
                others.push(format!("`{name}: null`"));
            }
            diags.report(found.help(format!(
                "keep one of them; what a parent sets is taken back by {}",
                others.join(", ")
            )));
            None
        }
    }
}

/// Reads the image of a section.
pub fn image_at(section: &Value, path: &str, diags: &mut Diagnostics) -> Option<Spanned<Image>> {
    let Some(text) = text_at(section, "image") else {
        missing(section.span, path, "image", "registry.example.net/name:1.2.3", diags);
        return None;
    };
    parse_image(&text, "registry.example.net/name:1.2.3", diags)
}

/// Parses the image that a key names.
pub fn parse_image(
    said: &Spanned<String>,
    example: &str,
    diags: &mut Diagnostics,
) -> Option<Spanned<Image>> {
    let image = Image::parse(&said.value);
    if image.is_none() {
        let title = format!("`{}` is no image reference", said.value);
        diags.report(
            Diagnostic::error("image-reference", said.span, title, "cannot be pulled")
                .help(format!("write it as in `{example}`, all in lower case")),
        );
    }
    Some(Spanned::new(image?, said.span))
}
