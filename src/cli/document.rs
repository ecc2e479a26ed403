//! A resolved profile as a document for programs: nothing cut, for one node; secrets as `(secret)`.

use serde_json::{Map, Value as Json};

use crate::lower;
use crate::model::{Piece, Text};
use crate::profile::{Scalar, Texts, Value, ValueKind, read};
use crate::source::{Style, Yaml};

/// What stands for a secret.
const SECRET: &str = "(secret)";

/// Returns a value as JSON, as the node at `position` has it.
pub(super) fn json(value: &Value, position: usize) -> Json {
    match &value.kind {
        ValueKind::Null => Json::Null,
        ValueKind::Scalar(scalar) => match text(scalar, position) {
            text if is_literal(scalar, &text) => {
                serde_json::from_str(&text).unwrap_or(Json::String(text))
            }
            text => Json::String(text),
        },
        ValueKind::List(items) => items.iter().map(|item| json(item, position)).collect(),
        ValueKind::Map(entries) => {
            let hidden = is_called_secret(value);
            let entry = |(name, value): &(crate::source::Spanned<String>, Value)| {
                let is_hidden = hidden && lower::CONTENTS.contains(&name.value.as_str());
                let shown = if is_hidden { Json::from(SECRET) } else { json(value, position) };
                (name.value.clone(), shown)
            };
            Json::Object(entries.iter().map(entry).collect::<Map<_, _>>())
        }
    }
}

/// Returns a document as YAML that every reader takes alike.
pub(super) fn yaml(document: &Json) -> Yaml<'_> {
    match document {
        Json::Null | Json::Bool(_) | Json::Number(_) => Yaml::Literal(document.to_string()),
        Json::String(text) => Yaml::Text(text.clone()),
        Json::Array(items) => Yaml::List(items.iter().map(yaml).collect()),
        Json::Object(entries) => {
            Yaml::Map(entries.iter().map(|(name, value)| (name.as_str(), yaml(value))).collect())
        }
    }
}

/// Tells whether a profile calls a file a secret by `secret: true`.
pub(super) fn is_called_secret(value: &Value) -> bool {
    read::bool_at(value, "secret").is_some_and(|secret| secret.value)
}

/// Returns whether a scalar is a number or a boolean, as JSON writes it: one that YAML alone reads so stays a text.
fn is_literal(scalar: &Scalar, text: &str) -> bool {
    scalar.style == Style::Plain
        && !scalar.rendered
        && serde_json::from_str::<Json>(text).is_ok_and(|read| {
            let again = format!("{read}");
            (read.is_number() || read.is_boolean()) && again == text
        })
}

fn text(scalar: &Scalar, position: usize) -> String {
    if scalar.is_secret() {
        return SECRET.to_owned();
    }
    let text = match &scalar.texts {
        Texts::Same(text) => Some(text),
        Texts::Each(texts) => texts.get(position),
    };
    text.map(Text::pieces).unwrap_or_default().iter().map(piece).collect()
}

/// Returns a piece of a text, facts as a template names them.
pub(super) fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Host(fact) => format!("{{{{host.{fact}}}}}"),
        Piece::Stack(fact) => format!("{{{{stack.{fact}}}}}"),
        Piece::Secret(source) => format!("(secret from {source})"),
    }
}
