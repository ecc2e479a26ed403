//! Variables: declared with a type, set by whoever is nearest to the build.
//!
//! Weakest first: default, parent profile, `cfgbuild.yaml`, the role's own map in it, `--values`,
//! `CFGBUILD_VAR_<NAME>`, `--set`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::facts::Facts;
use super::inputs::Inputs;
use super::layer::Loader;
use super::scalar;
use super::schema::VARIABLE_TYPES;
use super::typed::{Setting, text, typed};
use super::values::{self, Said};
use crate::diagnostic::{Diagnostic, Diagnostics, suggestion};
use crate::model::SecretSource;
use crate::source::{Node, Sources, Span, Spanned, odd_character};

/// The variables of a role, bound.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// Values by name, typed as a template sees them.
    pub(super) values: serde_json::Map<String, Json>,
    /// Secrets among them that machines fetch.
    pub(super) facts: Facts,
    /// Names of secrets.
    pub(super) secrets: BTreeSet<String>,
    /// Names of those without a usable value: it has been reported, and nothing follows from them.
    pub(super) unbound: BTreeSet<String>,
    /// Where each was declared.
    pub(super) declared: BTreeMap<String, Span>,
}

/// Binds the variables that `tree` declares, for a role among others.
pub(super) fn bind(
    tree: &Node,
    role: &str,
    loader: &Loader<'_>,
    inputs: &Inputs,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Variables {
    let declarations = tree.get("vars").and_then(Node::entries).unwrap_or_default();
    let declarations: Vec<_> =
        declarations.iter().filter(|(_, node)| node.entries().is_some()).collect();
    let names: Vec<String> = declarations.iter().map(|(name, _)| name.value.clone()).collect();
    let secrets: BTreeSet<&str> = declarations
        .iter()
        .filter(|(_, node)| text(node, "type").is_some_and(|(kind, _)| kind == "secret"))
        .map(|(name, _)| name.value.as_str())
        .collect();
    let (mut settings, unreadable) =
        settings((role, loader), inputs, &names, &secrets, sources, diags);
    let mut bound = Variables::default();
    for (name, declaration) in declarations {
        bound.declared.insert(name.value.clone(), name.span);
        let kind = text(declaration, "type").map_or("string", |kind| kind.0);
        let default = text(declaration, "default").map(|(value, span)| Setting {
            value: Spanned::new(value.to_owned(), span),
            said_by: String::new(),
        });
        // where it is no word for a kind, nobody can tell what was meant
        if (kind == "secret" || !VARIABLE_TYPES.contains(&kind))
            && let Some(default) = declaration.get("default")
        {
            values::hide(default, sources);
        }
        let from = from(name, declaration, kind, diags);
        let setting = settings.remove(&name.value).or(default);
        let value = match &setting {
            Some(setting) => {
                if kind == "secret" {
                    bound.secrets.insert(name.value.clone());
                    diags.hide(&setting.value.value);
                }
                typed(name, declaration, kind, setting, diags)
            }
            None if let Some(from) = from => {
                let key = bound.facts.secret(from);
                bound.values.insert(name.value.clone(), Json::from(key));
                continue;
            }
            // what could not be read may have set it
            None if unreadable.contains(&name.value) || unreadable.contains("") => None,
            // where it comes from has been refused
            None if declaration.get("from").is_some() => None,
            None => {
                unset(name, declaration, kind, diags);
                None
            }
        };
        if value.is_none() {
            bound.unbound.insert(name.value.clone());
        }
        bound.values.insert(name.value.clone(), value.unwrap_or_else(|| Json::from("")));
    }
    bound
}

/// Returns where a secret is fetched from when a machine boots, if the declaration says so.
fn from(
    name: &Spanned<String>,
    declaration: &Node,
    kind: &str,
    diags: &mut Diagnostics,
) -> Option<SecretSource> {
    let (from, span) = text(declaration, "from")?;
    let name = &name.value;
    let found = if kind != "secret" {
        let title =
            format!("variable `{name}` is a `{kind}`, and only a secret is fetched at boot");
        Diagnostic::error("secret-from", span, title, "nothing fetches it")
            .help("set `type: secret`, or remove `from`")
    } else if let Some((_, default)) = text(declaration, "default") {
        let title = format!("variable `{name}` has a default and is fetched at boot");
        Diagnostic::error("secret-from", span, title, "is never asked")
            .related(default, "this is always its value")
            .help("remove one of them; what a parent says is taken back by `default: null`")
    } else if let Some(source) = scalar::secret_source(from) {
        return Some(source);
    } else {
        let title = format!("variable `{name}` comes from `{from}`, which is no place of a secret");
        Diagnostic::error("secret-from", span, title, "cannot be read").help(
            "write `ssm:/path/of/the/parameter`, `secretsmanager:NAME` or `secretsmanager:NAME#KEY`",
        )
    };
    diags.report(found);
    None
}

fn unset(name: &Spanned<String>, declaration: &Node, kind: &str, diags: &mut Diagnostics) {
    let about =
        text(declaration, "description").map_or(String::new(), |(text, _)| format!(" ({text})"));
    let title = format!("variable `{}` has no value", name.value);
    let label = format!("declared here without a default{about}");
    diags.report(
        Diagnostic::error("variable-unset", name.span, title, label)
            .help(how_to_set(&name.value, kind)),
    );
}

fn how_to_set(name: &str, kind: &str) -> String {
    if kind == "secret" {
        // the command line of a process is no place for a secret
        return format!("set `CFGBUILD_VAR_{}` in the environment", name.to_ascii_uppercase());
    }
    format!("set it: `--set {name}=…`, or give it a `default`")
}

/// Collects what is set from outside the profiles; a stronger source replaces a weaker one.
///
/// Also returns the names whose values could not be read; an empty one stands for those of a whole file.
fn settings(
    role: (&str, &Loader<'_>),
    inputs: &Inputs,
    names: &[String],
    secrets: &BTreeSet<&str>,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> (BTreeMap<String, Setting>, BTreeSet<String>) {
    let mut all = BTreeMap::new();
    let mut unreadable = BTreeSet::new();
    for source in &inputs.sources {
        let said_by = source.name().to_owned();
        for Said { name, value, for_this_role } in
            source.settings(role, !secrets.is_empty(), &mut unreadable, sources, diags)
        {
            let Spanned { value: name, span: name_span } = name;
            // what nobody declares may be a secret, too: its name may only be mistyped
            if secrets.contains(name.as_str()) || !names.contains(&name) {
                sources.hide(value.span);
            }
            if let Some((_, odd)) = odd_character(&value.value).filter(|_| names.contains(&name)) {
                let title = format!(
                    "{said_by} sets `{name}` to a text with the character U+{:04X}",
                    u32::from(odd)
                );
                diags.report(
                    Diagnostic::error("control-character", name_span, title, "its value has it")
                        .help("remove it: no configuration file can hold it; lines end in a line feed alone"),
                );
                all.remove(&name);
                unreadable.insert(name);
            } else if names.contains(&name) {
                unreadable.remove(&name);
                all.insert(name, Setting { value, said_by: said_by.clone() });
            } else if for_this_role || !source.may_name_others() && !inputs.several_roles {
                let title =
                    format!("{said_by} sets `{name}`, which no profile of this role declares");
                let help = match names {
                    [] => format!("declare it: `vars: {{ {name}: {{ type: string }} }}`"),
                    names => suggestion(&name, names.iter().map(String::as_str)),
                };
                diags.report(
                    Diagnostic::error("variable-undeclared", name_span, title, "not declared")
                        .help(help),
                );
            }
        }
    }
    (all, unreadable)
}
