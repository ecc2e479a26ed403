//! Holds a resolved tree against the schema: unknown keys, wrong types, values out of bounds.
//!
//! All findings of a profile in one run. What passes here can be read without a second look.

use super::fit::{Wrong, fits, is_doubtful};
use super::scalar;
use super::schema::{Field, Key, Type};
use super::value::{Scalar, Texts, Value, ValueKind, split_host};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::source::{Edit, Span, Spanned};

/// Reports everything in `value` that is not of type `of`; `path` names the value as `kafka.heap` does.
pub(super) fn check(value: &Value, of: &Type, path: &str, diags: &mut Diagnostics) {
    if value.kind == ValueKind::Null {
        return;
    }
    match of {
        Type::Free => {}
        Type::Either(types) => {
            let fits = |of: &&Type| match of {
                Type::Map(..) | Type::Record(_) => matches!(value.kind, ValueKind::Map(_)),
                Type::List(_) => matches!(value.kind, ValueKind::List(_)),
                Type::Text
                | Type::NodeText
                | Type::HostText
                | Type::SecretText
                | Type::Name
                | Type::Host
                | Type::Bool
                | Type::Integer(..)
                | Type::Mode
                | Type::Bytes
                | Type::Duration
                | Type::Clock
                | Type::Url
                | Type::Cidr
                | Type::Path
                | Type::Word(_)
                | Type::Either(_)
                | Type::Free => matches!(value.kind, ValueKind::Scalar(_)),
            };
            match types.iter().find(fits) {
                Some(of) => check(value, of, path, diags),
                None => wrong_kind(value, of, path, diags),
            }
        }
        Type::Record(fields) => record(value, fields, path, diags),
        Type::Map(key, of) => {
            if !matches!(value.kind, ValueKind::Map(_)) {
                return wrong_kind(value, &Type::Map(*key, of), path, diags);
            }
            for (name, value) in value.entries() {
                check_key(name, *key, path, diags);
                check(value, of, &join(path, &name.value), diags);
            }
        }
        Type::List(of) => {
            if !matches!(value.kind, ValueKind::List(_)) {
                return wrong_kind(value, &Type::List(of), path, diags);
            }
            for (index, item) in value.items().iter().enumerate() {
                let path = format!("{path}[{index}]");
                if item.kind == ValueKind::Null {
                    let title = format!("`{path}` is empty, but must be {}", describe(of));
                    diags.report(
                        Diagnostic::error("wrong-type", item.span, title, "nothing here")
                            .help("remove the item, or write `\"\"` for an empty text"),
                    );
                }
                check(item, of, &path, diags);
            }
        }
        Type::Text
        | Type::NodeText
        | Type::HostText
        | Type::SecretText
        | Type::Name
        | Type::Host
        | Type::Bool
        | Type::Integer(..)
        | Type::Mode
        | Type::Bytes
        | Type::Duration
        | Type::Clock
        | Type::Url
        | Type::Cidr
        | Type::Path
        | Type::Word(_) => match &value.kind {
            ValueKind::Scalar(text) => check_scalar(text, value.span, of, path, diags),
            ValueKind::Null | ValueKind::List(_) | ValueKind::Map(_) => {
                wrong_kind(value, of, path, diags);
            }
        },
    }
}

fn record(value: &Value, fields: &[Field], path: &str, diags: &mut Diagnostics) {
    if !matches!(value.kind, ValueKind::Map(_)) {
        return wrong_kind(value, &Type::Record(&[]), path, diags);
    }
    for (name, value) in value.entries() {
        match fields.iter().find(|field| field.name == name.value) {
            Some(field) => check(value, &field.of, &join(path, field.name), diags),
            None if path.is_empty() && name.value.starts_with("x-") => {}
            None => {
                let known = fields.iter().map(|field| field.name);
                let title = match path {
                    "" => format!("unknown key `{}`", name.value),
                    _ => format!("unknown key `{}` in `{path}`", name.value),
                };
                let label = if path.is_empty() {
                    "not a key of a profile"
                } else {
                    "not a key of this section"
                };
                let found = Diagnostic::error("unknown-key", name.span, title, label)
                    .help(suggestion(&name.value, known.clone()));
                diags.report(match nearest(&name.value, known) {
                    Some(meant) => found.edit(Edit::replace(name.span, name.value.as_str(), meant)),
                    None => found,
                });
            }
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn wrong_kind(value: &Value, of: &Type, path: &str, diags: &mut Diagnostics) {
    let found = match &value.kind {
        ValueKind::Map(_) => "a map",
        ValueKind::List(_) => "a list",
        ValueKind::Scalar(_) | ValueKind::Null => "a single value",
    };
    let mut finding = Diagnostic::error(
        "wrong-type",
        value.span,
        format!("`{path}` must be {}, found {found}", describe(of)),
        format!("is {found}"),
    );
    if found == "a map"
        && matches!(of, Type::Text | Type::NodeText | Type::HostText | Type::SecretText)
    {
        finding = finding.help("if this is a template, quote it: \"{{…}}\"");
    } else if let Type::List(_) = of {
        finding = finding.help("write it as a list: `[…]`");
    }
    diags.report(finding);
}

/// Returns a type in words.
pub(super) fn describe(of: &Type) -> String {
    match of {
        Type::Text | Type::NodeText | Type::HostText | Type::SecretText | Type::Free => {
            "a text".to_owned()
        }
        Type::Name => "a name of letters, digits, `.`, `-` and `_`".to_owned(),
        Type::Host => "a DNS name or an IPv4 address".to_owned(),
        Type::Bool => "`true` or `false`".to_owned(),
        Type::Integer(min, max) => format!("a whole number from {min} to {max}"),
        Type::Mode => "permissions such as 0644".to_owned(),
        Type::Bytes => "an amount with its unit, such as 2GiB".to_owned(),
        Type::Duration => "a duration with its unit, such as 90s".to_owned(),
        Type::Clock => "a time of day such as 04:00".to_owned(),
        Type::Url => "an http or https URL".to_owned(),
        Type::Cidr => "an IPv4 network such as 10.0.0.0/8".to_owned(),
        Type::Path => "an absolute path without `.`, `..` or a slash at the end".to_owned(),
        Type::Word(words) => format!("one of: {}", words.join(", ")),
        Type::List(_) => "a list".to_owned(),
        Type::Map(..) | Type::Record(_) => "a map".to_owned(),
        Type::Either(types) => types.iter().map(describe).collect::<Vec<_>>().join(" or "),
    }
}

fn check_key(name: &Spanned<String>, key: Key, path: &str, diags: &mut Diagnostics) {
    let text = name.value.as_str();
    let other = "give it another name";
    let (fits, what, better, help) = match key {
        Key::Text => (
            !text.is_empty() && !text.contains(['\n', '=']),
            "a name",
            None,
            "write the name alone",
        ),
        Key::Name => (
            is_name(text),
            "a name of letters, digits, `.`, `-` and `_`",
            fitting(text, '-', is_name),
            other,
        ),
        Key::Unit => (
            is_unit_name(text),
            "a unit name with its suffix",
            None,
            "add the suffix, as in `kafka.service` or `backup.timer`",
        ),
        Key::Path => (
            scalar::is_clean_path(text),
            "an absolute path without `.`, `..` or a slash at the end",
            fitting(&format!("/{}", text.trim_matches('/')), '/', scalar::is_clean_path),
            other,
        ),
        Key::Variable => {
            (is_variable(text), "the name of a variable", fitting(text, '_', is_variable), other)
        }
    };
    if !fits {
        let title = format!("`{text}` in `{path}` is not {what}");
        let found = Diagnostic::error("wrong-name", name.span, title, "cannot be a name here");
        diags.report(match better {
            Some(better) => {
                found.help(format!("write `{better}`")).edit(Edit::replace(name.span, text, better))
            }
            None => found.help(help),
        });
    }
}

/// Returns the name that fits, with `instead` in place of what does not.
fn fitting(text: &str, instead: char, fits: fn(&str) -> bool) -> Option<String> {
    let keep = |c: char| c.is_ascii_alphanumeric() || "/._".contains(c) || c == instead;
    let name: String = text.chars().map(|c| if keep(c) { c } else { instead }).collect();
    fits(&name).then_some(name)
}

fn check_scalar(text: &Scalar, span: Span, of: &Type, path: &str, diags: &mut Diagnostics) {
    if let Texts::Each(_) = text.texts
        && !matches!(of, Type::NodeText | Type::HostText | Type::SecretText)
    {
        diags.report(
            Diagnostic::error(
                "differs-by-node",
                span,
                format!("`{path}` is one value for all nodes"),
                "differs from node to node",
            )
            .help("use `node` only in units, files, arguments, environments and `config`"),
        );
        return;
    }
    for one in text.texts.all() {
        let fetched = split_host(one).find_map(|part| part.err()?.strip_prefix("secret."));
        if let (Some(secret), false) = (fetched, matches!(of, Type::SecretText)) {
            let title = format!(
                "the secret `{secret}` is fetched at boot, but `{path}` is no place for it"
            );
            diags.report(
                Diagnostic::error("secret-misplaced", span, title, "known too late").help(
                    "use it in the `env` of a container, or give the variable a value where the build runs",
                ),
            );
            return;
        }
        if let Some(Err(fact)) = split_host(one).find(Result::is_err)
            && !matches!(of, Type::HostText | Type::SecretText)
        {
            let title =
                format!("`{fact}` is known only at boot, but `{path}` is fixed when it is built");
            diags.report(
                Diagnostic::error("host-fact-too-early", span, title, "known too late").help(
                    "use it in a unit, a container's `env` or `args`, where it becomes a variable of the system",
                ),
            );
            return;
        }
        if let Err(Wrong { title, help, better }) = fits(one, text, of, path) {
            let label = format!("must be {}", describe(of));
            let mut found = if is_doubtful(of, one, text) {
                Diagnostic::error("mode-not-octal", span, title, "can be read in two ways")
            } else if let Type::Word(_) = of {
                Diagnostic::error("unknown-word", span, title, label)
            } else {
                Diagnostic::error("wrong-type", span, title, label)
            };
            found.help = help;
            found.edits.extend(better.map(|better| Edit::write(span, better)));
            diags.report(found);
            return;
        }
    }
}

pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 128
        && !text.starts_with(['-', '.'])
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn is_variable(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit())
        && !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Tells whether a text is a unit name as `systemd.unit(5)` has it.
fn is_unit_name(text: &str) -> bool {
    const SUFFIXES: [&str; 11] = [
        "service",
        "socket",
        "device",
        "mount",
        "automount",
        "swap",
        "target",
        "path",
        "timer",
        "slice",
        "scope",
    ];
    text.rsplit_once('.').is_some_and(|(name, suffix)| {
        SUFFIXES.contains(&suffix)
            && !name.is_empty()
            && text.len() <= 255
            && name.chars().all(|c| {
                c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.' | '\\' | '@')
            })
    })
}
