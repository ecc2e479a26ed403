//! Holds a resolved tree against the schema: unknown keys, wrong types, values out of bounds.
//!
//! All findings of a profile in one run. What passes here can be read without a second look.

use std::collections::BTreeSet;

use super::elsewhere::{self, Meant};
use super::fit::{Wrong, fits, is_doubtful};
use super::instance;
use super::merged::EARLY;
use super::naming::check_key;
use super::schema::{Field, Form, Grammar, Key, Type};
use super::spelled;
use super::value::{Scalar, Texts, Value, ValueKind};
use super::words::describe;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::model::Text;
use crate::source::{Edit, Span, Spanned};

/// What came of it.
pub(super) struct Checked {
    /// Places that must not be shown.
    pub(super) hidden: Vec<Span>,
    /// Sections in which something is wrong. Of one whose name is not known, that may be any that is not there.
    pub(super) faulty: BTreeSet<String>,
}

/// Reports everything in a profile that is not as the grammar has it.
pub(super) fn check(profile: &Value, grammar: &Grammar, diags: &mut Diagnostics) -> Checked {
    let mut shape = Shape { grammar, diags, hidden: Vec::new() };
    let (fields, mut faulty) = (grammar.fields(), BTreeSet::new());
    if !matches!(profile.kind, ValueKind::Map(_)) {
        shape.record(profile, &fields, "");
    }
    let mut before = shape.diags.errors();
    for entry in profile.entries() {
        let one = Value { span: profile.span, kind: ValueKind::Map(vec![entry.clone()]) };
        shape.record(&one, &fields, "");
        if shape.diags.errors() > before {
            faulty.insert(entry.0.value.clone());
            before = shape.diags.errors();
        }
    }
    let is_known = |name: &String| fields.iter().any(|field| field.name == name);
    if !faulty.iter().all(is_known) {
        let is_said = |field: &&Field| profile.get(field.name).is_some();
        let missing = fields.iter().filter(|field| !is_said(field)).map(|field| field.name);
        faulty.extend(missing.chain(EARLY).map(str::to_owned));
    }
    Checked { hidden: shape.hidden, faulty }
}

/// A walk over a tree.
struct Shape<'a> {
    grammar: &'a Grammar,
    diags: &'a mut Diagnostics,
    /// Where somebody wrote a password.
    hidden: Vec<Span>,
}

impl Shape<'_> {
    /// Checks a value; `path` names it as `kafka.heap` does.
    fn check(&mut self, value: &Value, of: &Type, path: &str) {
        if value.kind == ValueKind::Null {
            return;
        }
        match of.form() {
            Form::Free => self.free(value, path),
            Form::Either(types) => {
                let fits = |of: &&Type| match of.form() {
                    Form::Map(..) | Form::Record(_) | Form::Services => {
                        matches!(value.kind, ValueKind::Map(_))
                    }
                    Form::List(_) => matches!(value.kind, ValueKind::List(_)),
                    Form::Scalar | Form::Either(_) | Form::Free => {
                        matches!(value.kind, ValueKind::Scalar(_))
                    }
                };
                match types.iter().find(fits) {
                    Some(of) => self.check(value, of, path),
                    None => wrong_kind(value, of, path, self.diags),
                }
            }
            Form::Record(fields) => self.record(value, fields, path),
            Form::Services => self.services(value, path),
            Form::Map(key, each) => {
                if !matches!(value.kind, ValueKind::Map(_)) {
                    return wrong_kind(value, of, path, self.diags);
                }
                for (name, value) in value.entries() {
                    check_key(name, key, path, self.diags);
                    self.check(value, each, &join(path, &name.value));
                }
            }
            Form::List(each) => {
                if !matches!(value.kind, ValueKind::List(_)) {
                    return wrong_kind(value, of, path, self.diags);
                }
                for (index, item) in value.items().iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    if item.kind == ValueKind::Null {
                        let title = format!("`{path}` is empty, but must be {}", describe(each));
                        self.diags.report(
                            Diagnostic::error("wrong-type", item.span, title, "nothing here")
                                .help("remove the item, or write `\"\"` for an empty text"),
                        );
                    }
                    self.check(item, each, &path);
                }
            }
            Form::Scalar => match &value.kind {
                ValueKind::Scalar(text) => {
                    if matches!(of, Type::PasswordHash) {
                        self.hidden.push(value.span);
                    }
                    check_scalar(text, value.span, of, path, self.diags);
                }
                ValueKind::Null | ValueKind::List(_) | ValueKind::Map(_) => {
                    wrong_kind(value, of, path, self.diags);
                }
            },
        }
    }

    fn record(&mut self, value: &Value, fields: &[Field], path: &str) {
        if !matches!(value.kind, ValueKind::Map(_)) {
            return wrong_kind(value, &Type::Record(&[]), path, self.diags);
        }
        for (name, one) in value.entries() {
            match fields.iter().find(|field| field.name == name.value) {
                Some(field) => self.check(one, &field.of, &join(path, field.name)),
                None if path.is_empty() && name.value.starts_with("x-") => {}
                None => {
                    let found = unknown_key(name, one, value, fields, path);
                    self.diags.report(found);
                }
            }
        }
    }

    fn services(&mut self, value: &Value, path: &str) {
        if !matches!(value.kind, ValueKind::Map(_)) {
            return wrong_kind(value, &Type::Services, path, self.diags);
        }
        for (name, section) in value.entries() {
            check_key(name, Key::Name, path, self.diags);
            let path = join(path, &name.value);
            match section.kind {
                ValueKind::Null => {}
                ValueKind::Map(_) => {
                    if let Some(kind) = instance::kind(name, section, self.grammar, self.diags) {
                        self.record(section, &Grammar::instance(kind), &path);
                    }
                }
                ValueKind::Scalar(_) | ValueKind::List(_) => {
                    wrong_kind(section, &Type::Record(&[]), &path, self.diags);
                }
            }
        }
    }

    /// Checks that what is taken as it is can be known when it is built.
    fn free(&mut self, value: &Value, path: &str) {
        match &value.kind {
            ValueKind::Null => {}
            ValueKind::Scalar(text) => {
                for one in text.texts.all() {
                    if is_late(one, value.span, &Type::Free, path, self.diags) {
                        return;
                    }
                }
            }
            ValueKind::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.free(item, &format!("{path}[{index}]"));
                }
            }
            ValueKind::Map(entries) => {
                for (name, value) in entries {
                    self.free(value, &join(path, &name.value));
                }
            }
        }
    }
}

/// Returns what is said of an entry of `record` whose key is none of `fields`.
fn unknown_key(
    name: &Spanned<String>,
    value: &Value,
    record: &Value,
    fields: &[Field],
    path: &str,
) -> Diagnostic {
    let known = fields.iter().map(|field| field.name);
    let title = match path {
        "" => format!("unknown key `{}`", name.value),
        _ => format!("unknown key `{}` in `{path}`", name.value),
    };
    let label =
        if path.is_empty() { "not a key of a profile" } else { "not a key of this section" };
    let found = Diagnostic::error("unknown-key", name.span, title, label);
    let (help, key) = match elsewhere::meant(&name.value, value, fields) {
        Some(Meant { help, key }) => (help, key),
        None => (suggestion(&name.value, known.clone()), nearest(&name.value, known)),
    };
    let is_beside = |key: &str| {
        let same = |one: &Spanned<String>| one.value == key && one.span.file == name.span.file;
        record.entries().iter().any(|(one, _)| same(one))
    };
    match key {
        // which of the two is right its author knows
        Some(key) if is_beside(key) => {
            found.help(format!("`{key}` is there already: keep one of them, as `{key}`"))
        }
        Some(key) => found.help(help).edit(Edit::replace(name.span, name.value.as_str(), key)),
        None => found.help(help),
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
    if found == "a map" && (matches!(of, Type::Text) || of.may_be_secret()) {
        finding = finding.help("if this is a template, quote it: \"{{…}}\"");
    } else if let Some((help, edit)) = spelled::meant(value, of, path) {
        finding = finding.help(help);
        finding.edits.extend(edit);
    } else if let Type::List(_) = of {
        finding = finding.help("write it as a list: `[…]`");
    }
    diags.report(finding);
}

fn check_scalar(text: &Scalar, span: Span, of: &Type, path: &str, diags: &mut Diagnostics) {
    if let Texts::Each(_) = text.texts
        && !matches!(of, Type::NodeText | Type::HostText | Type::UnitText | Type::SecretText)
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
    if text.is_secret() && !of.may_be_secret() {
        let title = format!("the value of `{path}` is a secret, and is shown to everybody there");
        diags.report(Diagnostic::error("secret-exposed", span, title, "holds a secret").help(
            "use the secret in a file, a unit, or the `env`, `secrets` or `args` of a container; or make the variable \
             a `string` if it is none",
        ));
        return;
    }
    if let (Type::UnitText, Some(variable)) = (of, &text.lines_of) {
        let title = format!(
            "variable `{variable}` is more than its line, and `{path}` is read line by line"
        );
        diags.report(
            Diagnostic::error("lines-in-unit", span, title, "it would change the lines of the unit")
                .help("give it a value of one line, without a backslash at its end, or make it the whole text"),
        );
        return;
    }
    for one in text.texts.all() {
        if is_late(one, span, of, path, diags) {
            return;
        }
        if let Err(Wrong { title, help, better }) = fits(one.plain().unwrap_or(""), text, of, path)
        {
            let label = format!("must be {}", describe(of));
            let mut found = if is_doubtful(of, one.plain().unwrap_or(""), text) {
                Diagnostic::error("mode-not-octal", span, title, "can be read in two ways")
            } else if let Type::PasswordHash = of {
                let label = "looks like a password, or like a part of a hash";
                Diagnostic::error("password-hash", span, title, label)
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

/// Reports a text that holds what its place cannot: a secret that machines fetch, or a fact known only at boot.
fn is_late(text: &Text, span: Span, of: &Type, path: &str, diags: &mut Diagnostics) -> bool {
    if let (Some(secret), false) = (text.fetched().next(), matches!(of, Type::SecretText)) {
        let title =
            format!("the secret `{secret}` is fetched at boot, but `{path}` is no place for it");
        diags.report(Diagnostic::error("secret-misplaced", span, title, "known too late").help(
            "use it in the `env` or `secrets` of a container, or give the variable a value where the build runs",
        ));
        return true;
    }
    if let (Some(fact), false) =
        (text.facts().next(), matches!(of, Type::HostText | Type::UnitText | Type::SecretText))
    {
        let title =
            format!("`{fact}` is known only at boot, but `{path}` is fixed when it is built");
        diags.report(
            Diagnostic::error("host-fact-too-early", span, title, "known too late").help(
                "use it in a unit, a container's `env` or `args`, where it becomes a variable of the system",
            ),
        );
        return true;
    }
    false
}
