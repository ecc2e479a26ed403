//! A value of a variable, held against what the variable is declared as.

use serde_json::Value as Json;

use super::scalar;
use super::values::as_text;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::source::{Edit, Kind, Node, Span, Spanned};

/// A value on its way to a variable.
pub(super) struct Setting {
    pub(super) value: Spanned<String>,
    /// Who says it; empty for its default.
    pub(super) said_by: String,
}

/// Reads a value as its declared type; a template then sees a number, a boolean or a text.
pub(super) fn typed(
    name: &Spanned<String>,
    declaration: &Node,
    kind: &str,
    setting: &Setting,
    diags: &mut Diagnostics,
) -> Option<Json> {
    let value = setting.value.value.as_str();
    let shown = if kind == "secret" { "…" } else { value };
    let words: Vec<&str> = declaration
        .get("values")
        .map(|list| match &list.kind {
            Kind::List(items) => items.iter().filter_map(as_text).collect(),
            Kind::Null | Kind::Scalar(..) | Kind::Map(_) => Vec::new(),
        })
        .unwrap_or_default();
    let (json, must_be) = match kind {
        "int" => (scalar::integer(value).map(Json::from), "a whole number"),
        "port" => (
            scalar::integer(value).filter(|port| (1..=65_535).contains(port)).map(Json::from),
            "a port from 1 to 65535",
        ),
        "bool" => (scalar::boolean(value).map(Json::from), "`true` or `false`"),
        "memory" | "size" => (
            scalar::bytes(value).map(|_| Json::from(value)),
            "an amount with its unit, such as 2GiB",
        ),
        "duration" => (
            scalar::seconds(value).map(|_| Json::from(value)),
            "a duration with its unit, such as 90s",
        ),
        "url" => (
            (value.is_empty() || scalar::is_url(value)).then(|| Json::from(value)),
            "an http or https URL",
        ),
        "enum" => (words.contains(&value).then(|| Json::from(value)), "one of its `values`"),
        _ => (Some(Json::from(value)), "a text"),
    };
    let said_by =
        if setting.said_by.is_empty() { "its default".to_owned() } else { setting.said_by.clone() };
    let Some(json) = json else {
        let title = format!("variable `{}` is `{shown}`, but must be {must_be}", name.value);
        let mut found = Diagnostic::error(
            "variable-type",
            setting.value.span,
            title,
            format!("set by {said_by}"),
        )
        .related(name.span, format!("declared as `{kind}` here"));
        if kind == "enum" {
            if let Some(meant) = nearest(value, words.iter().copied()) {
                found = found.edit(Edit::write(setting.value.span, meant));
            }
            found = found.help(suggestion(value, words));
        } else if let Some(better) = better(kind, value) {
            found = found
                .help(format!("write `{better}`"))
                .edit(Edit::write(setting.value.span, better));
        } else if value.contains('<') {
            found = found.help("replace the placeholder in `<…>` by the real value");
        }
        diags.report(found);
        return None;
    };
    if let Some((pattern, span)) = text(declaration, "pattern") {
        match pattern_of(pattern) {
            Ok(regex) if !regex.is_match(value) => {
                let title = format!(
                    "variable `{}` is `{shown}`, which does not match its pattern",
                    name.value
                );
                diags.report(
                    Diagnostic::error(
                        "variable-pattern",
                        setting.value.span,
                        title,
                        format!("set by {said_by}"),
                    )
                    .related(span, "must match this"),
                );
                return None;
            }
            Ok(_) => {}
            Err(error) => {
                let title =
                    format!("the pattern of `{}` is no regular expression: {error}", name.value);
                diags.report(Diagnostic::error("variable-pattern", span, title, "cannot be read"));
                return None;
            }
        }
    }
    Some(json)
}

/// Returns the edit that makes a value one of its type, where it can be guessed.
fn better(kind: &str, value: &str) -> Option<String> {
    match kind {
        "bool" => match value.to_ascii_lowercase().as_str() {
            "yes" | "on" | "y" | "1" | "true" => Some("true".to_owned()),
            "no" | "off" | "n" | "0" | "false" => Some("false".to_owned()),
            _ => None,
        },
        "memory" | "size" => scalar::integer(value).map(|number| format!("{number}GiB")),
        "duration" => scalar::integer(value).map(|number| format!("{number}s")),
        _ => None,
    }
}

/// Most groups of a pattern, and most memory it may take once it is read, in bytes: matching takes their product.
const MAX_GROUPS: usize = 64;
const MAX_PATTERN: usize = 1 << 20;

fn pattern_of(pattern: &str) -> Result<regex_lite::Regex, String> {
    let groups = pattern.matches('(').count();
    if groups > MAX_GROUPS {
        return Err(format!("it has {groups} groups, more than {MAX_GROUPS}"));
    }
    let whole = format!("^(?:{pattern})$");
    let read = regex_lite::RegexBuilder::new(&whole).size_limit(MAX_PATTERN).build();
    read.map_err(|error| error.to_string())
}

/// Returns the text of a key of a declaration.
pub(super) fn text<'n>(node: &'n Node, key: &str) -> Option<(&'n str, Span)> {
    let node = node.get(key)?;
    Some((as_text(node)?, node.span))
}
