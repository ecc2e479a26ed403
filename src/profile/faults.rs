//! What is wrong with a template, in terms that its writer can act on.
//!
//! The engine's own words and places end here.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "reasons are another crate's, and it may add more"
)]

use handlebars::{RenderError, RenderErrorReason, TemplateErrorReason};
use serde_json::Value as Json;

use super::helpers::{self, HelperFault};
use super::tags;
use crate::diagnostic::{Diagnostic, nearest, suggestion};
use crate::source::{Edit, Sources, Span, locate};

/// Returns what is wrong with the tag at `at`.
pub(super) fn unreadable(
    text: &str,
    at: usize,
    reason: &TemplateErrorReason,
    place: &dyn Fn(usize, usize) -> Span,
) -> Diagnostic {
    const BRACES: &str = "write `{{vars.name}}`; for braces that are meant literally write `\\{{`";
    let rest = text.get(at..).unwrap_or("");
    let end = rest.find("}}").map(|end| end + 2);
    let line = rest.find('\n').unwrap_or(rest.len());
    let tag = rest.get(..end.unwrap_or(line)).unwrap_or("");
    let word = tag.strip_prefix("{{#").map(|inner| {
        let end = inner.find(|c: char| !c.is_alphanumeric()).unwrap_or(inner.len());
        inner.get(..end).unwrap_or("")
    });
    let (title, label, help) = match (reason, word) {
        (TemplateErrorReason::MismatchingClosedHelper(open, close), _) => (
            format!("block `{{{{#{open}}}}}` is closed by `{{{{/{close}}}}}`"),
            "closes another block".to_owned(),
            format!("write `{{{{/{open}}}}}`"),
        ),
        (_, Some(word)) if end.is_some() => (
            format!("block `{tag}` is never closed"),
            "opens here".to_owned(),
            format!("close it with `{{{{/{word}}}}}`"),
        ),
        _ if end.is_none() => {
            (format!("`{tag}` has no `}}}}`"), "opens here".to_owned(), BRACES.to_owned())
        }
        _ => (format!("`{tag}` is no template"), "cannot be read".to_owned(), BRACES.to_owned()),
    };
    let found = Diagnostic::error("template-syntax", place(at, tag.len()), title, label).help(help);
    match reason {
        TemplateErrorReason::MismatchingClosedHelper(open, _) if tag.starts_with("{{/") => {
            found.edit(Edit::replace(place(at, tag.len()), tag, format!("{{{{/{open}}}}}")))
        }
        _ => found,
    }
}

/// Returns that there is no such helper; `tags` are the one that opens it and the one that closes it.
fn helper_unknown(name: &str, tags: [Option<(Span, &str)>; 2]) -> Diagnostic {
    let place = tags.iter().flatten().next().map_or(Sources::NOWHERE, |(place, _)| *place);
    let known: Vec<&str> = [
        "if", "unless", "each", "with", "lookup", "raw", "eq", "ne", "gt", "gte", "lt", "lte",
        "and", "or", "not", "len",
    ]
    .into_iter()
    .chain(helpers::names())
    .collect();
    let mut found = Diagnostic::error(
        "template-unknown-helper",
        place,
        format!("there is no helper `{name}`"),
        "no such helper",
    )
    .help(suggestion(name, known.iter().copied()));
    if let Some(meant) = nearest(name, known) {
        let edit =
            |(place, tag): (Span, &str)| Edit::replace(place, tag, tag.replacen(name, meant, 1));
        found.edits.extend(tags.into_iter().flatten().map(edit));
    }
    found
}

/// Returns why a template could not be rendered against `data`.
pub(super) fn unrenderable(
    error: &RenderError,
    source: &str,
    span: Span,
    data: &Json,
    most_bytes: usize,
    sources: &Sources,
) -> Diagnostic {
    let at = error
        .line_no
        .zip(error.column_no)
        .map_or(0, |(line, column)| tags::offset_of(source, line, column));
    let at = source.get(at..).and_then(|rest| rest.find("{{")).map_or(at, |skip| at + skip);
    let length = source.get(at..).and_then(|rest| rest.find("}}")).map_or(0, |end| end + 2);
    let place = locate(sources, span, source, at, length);
    let tag = source.get(at..at + length).unwrap_or("");
    match error.reason() {
        RenderErrorReason::MissingVariable(name) => {
            let name = name.as_deref().unwrap_or("this");
            let found = Diagnostic::error(
                "template-unknown-name",
                place,
                format!("`{name}` is not known here"),
                "no such name",
            );
            match near(data, name) {
                Some(near) => found
                    .help(format!("did you mean `{near}`?"))
                    .edit(Edit::replace(place, tag, tag.replacen(name, &near, 1))),
                None => found.help(
                    "known are `vars`, `cluster`, `node`, `nodes`, `role.<other>`, `host` and `stack`",
                ),
            }
        }
        RenderErrorReason::IOError(_) => Diagnostic::error(
            "template-too-large",
            place,
            format!("template makes more than {} MiB of text", most_bytes >> 20),
            "passes the limit",
        ),
        RenderErrorReason::HelperNotFound(name) => {
            let close = format!("{{{{/{name}}}}}");
            let after = source.get(at..).and_then(|rest| rest.find(&close));
            let end = after.filter(|_| tag.starts_with("{{#")).map(|skip| {
                (locate(sources, span, source, at + skip, close.len()), close.as_str())
            });
            helper_unknown(name, [Some((place, tag)), end])
        }
        RenderErrorReason::ParamNotFoundForIndex(name, index) => Diagnostic::error(
            "template-failed",
            place,
            format!("helper `{name}` has {index} of the {} arguments it needs", index + 1),
            "one is missing",
        )
        .help(format!("write it as in `({name} cluster.size 2)`")),
        RenderErrorReason::NestedError(fault) if let Some(fault) = fault.downcast_ref() => {
            helper_failed(fault, place, most_bytes)
        }
        reason => Diagnostic::error(
            "template-failed",
            place,
            format!("template cannot be rendered: {}", reason.to_string().to_lowercase()),
            "fails here",
        ),
    }
}

/// Returns why a helper of ours makes nothing.
fn helper_failed(fault: &HelperFault, place: Span, most_bytes: usize) -> Diagnostic {
    match fault {
        HelperFault::Fact(name) => Diagnostic::error(
            "host-fact-in-condition",
            place,
            format!("`{name}` would change what is known only at boot"),
            "used as an argument",
        )
        .help("write the fact out as it is, and have it changed on the machine"),
        HelperFault::NotText(name) => Diagnostic::error(
            "template-not-text",
            place,
            format!("`{name}` finds no single text"),
            "a list or a map",
        )
        .help(format!("name a part of it: `{{{{lookup ({name} …) \"name\"}}}}`")),
        HelperFault::Arguments(what, example) => {
            Diagnostic::error("template-failed", place, what.as_str(), "fails here")
                .help(format!("write it as in `{example}`"))
        }
        HelperFault::TooLong => Diagnostic::error(
            "template-too-large",
            place,
            format!("template makes more than {} MiB of text", most_bytes >> 20),
            "passes the limit",
        ),
    }
}

/// Returns the nearest known name to one that failed inside a loop: a field of a node, or a path from the root,
/// which a loop reaches by `@root` alone.
fn near(data: &Json, name: &str) -> Option<String> {
    let (parent, last) = name.rsplit_once('.').unwrap_or(("", name));
    let fields = data.get("nodes").and_then(|nodes| nodes.get(0)).and_then(Json::as_object);
    let fields = fields.into_iter().flat_map(|fields| fields.keys().map(String::as_str));
    if parent.is_empty()
        && let Some(near) = nearest(last, fields)
    {
        return Some(near.to_owned());
    }
    let mut at = data;
    for step in parent.split('.').filter(|step| !step.is_empty()) {
        at = at.get(step)?;
    }
    let known: Vec<&str> = at.as_object()?.keys().map(String::as_str).collect();
    let near = nearest(last, known)?;
    let path = if parent.is_empty() { near.to_owned() } else { format!("{parent}.{near}") };
    Some(format!("@root.{path}"))
}
