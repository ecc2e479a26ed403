//! What a source of values says: a file, the environment, the command line.
//!
//! `cfgbuild.yaml` speaks to all roles of a workspace; a map in it, below the name of a role, to that one.

use std::collections::BTreeSet;

use super::inputs::Source;
use super::layer::Loader;
use crate::diagnostic::{Diagnostic, Diagnostics, suggestion};
use crate::source::{FileId, Kind, Node, Origin, Sources, Span, Spanned, parse};

/// A value that a source gives a name.
pub(super) struct Said {
    pub(super) name: Spanned<String>,
    pub(super) value: Spanned<String>,
    /// Whether it stands below the name of the role.
    pub(super) for_this_role: bool,
}

impl Source {
    /// Returns everything it sets for a role, the weakest first.
    pub(super) fn settings(
        &self,
        role: (&str, &Loader<'_>),
        may_hold_secrets: bool,
        unreadable: &mut BTreeSet<String>,
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) -> Vec<Said> {
        match self {
            Self::Set(name, value) | Self::Environment(name, value) => {
                let text = format!("{name}={value}");
                let file = sources.add_from(Origin::NoFile, self.name(), text.as_str());
                let at = Span::new(file, name.len() + 1, text.len());
                vec![Said {
                    name: Spanned::new(name.clone(), Span::new(file, 0, name.len())),
                    value: Spanned::new(value.clone(), at),
                    for_this_role: false,
                }]
            }
            Self::File { name, text, shared } => {
                let origin = if *shared { Origin::Workspace } else { Origin::Outside };
                let file = sources.add_from(origin, name.as_str(), text.as_str());
                match parse(file, text) {
                    Ok(tree) => {
                        // only the file of the workspace has sections of roles
                        let role = shared.then_some(role);
                        of_file(&tree, role, unreadable, sources, diags)
                    }
                    Err(faults) => {
                        if may_hold_secrets {
                            hide_values(file, text, sources);
                        }
                        for fault in faults {
                            diags.report(fault.into());
                        }
                        unreadable.insert(String::new());
                        Vec::new()
                    }
                }
            }
        }
    }
}

/// Returns what a file sets: what is for whoever reads it, then what stands below the name of the role.
fn of_file(
    tree: &Node,
    role: Option<(&str, &Loader<'_>)>,
    unreadable: &mut BTreeSet<String>,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Vec<Said> {
    let (mut of_all, mut own) = (Vec::new(), Vec::new());
    if !matches!(tree.kind, Kind::Map(_) | Kind::Null) {
        // nobody can tell what was meant, nor whether it is a secret
        sources.hide(tree.span);
        unreadable.insert(String::new());
        diags.report(
            Diagnostic::error(
                "wrong-type",
                tree.span,
                "a file of values must be a map of names to values",
                "this is not a map",
            )
            .help("write a line for each variable: `NAME: VALUE`"),
        );
    }
    for (name, node) in tree.entries().unwrap_or_default() {
        let section = match &node.kind {
            Kind::Map(entries) => Some(entries.as_slice()),
            Kind::Null => Some(&[][..]),
            Kind::Scalar(..) | Kind::List(_) => None,
        };
        let of_role = role.filter(|(_, loader)| section.is_some() && loader.has(&name.value));
        match section.filter(|_| of_role.is_some()) {
            Some(entries) if of_role.is_some_and(|(role, _)| name.value == role) => {
                own.extend(entries.iter().map(|(name, node)| (name, node, true)));
            }
            // what is for another role may be a secret there
            Some(entries) => entries.iter().for_each(|(_, node)| hide(node, sources)),
            None => of_all.push((name, node, false)),
        }
    }
    let mut found = Vec::new();
    for (name, node, for_this_role) in of_all.into_iter().chain(own) {
        if !is_name(&name.value) {
            sources.hide(name.span);
            hide(node, sources);
            unreadable.insert(String::new());
            diags.report(
                Diagnostic::error(
                    "wrong-name",
                    name.span,
                    "a file of values holds what is no name of a variable",
                    "not shown: it may be a secret",
                )
                .help("write a line for each variable: `NAME: VALUE`"),
            );
            continue;
        }
        let said = said(name, node, for_this_role, unreadable, sources);
        if said.is_none() {
            let may_be_role = !for_this_role && node.entries().is_some();
            diags.report(match role.filter(|_| may_be_role) {
                Some((_, loader)) => no_role(name, node, loader),
                None => no_value(name, node),
            });
        }
        found.extend(said);
    }
    found
}

/// Reads an entry as the value of a variable; `None`, and nothing of it is shown, where it is none.
fn said(
    name: &Spanned<String>,
    node: &Node,
    for_this_role: bool,
    unreadable: &mut BTreeSet<String>,
    sources: &mut Sources,
) -> Option<Said> {
    if let Some(value) = as_text(node) {
        let value = Spanned::new(value.to_owned(), node.span);
        return Some(Said { name: name.clone(), value, for_this_role });
    }
    unreadable.insert(name.value.clone());
    hide(node, sources);
    None
}

/// Hides all that a value says, the names in it too: nobody can tell what of it is a secret.
pub(super) fn hide(node: &Node, sources: &mut Sources) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.kind {
            Kind::Null => {}
            Kind::Scalar(..) => sources.hide(node.span),
            Kind::List(items) => open.extend(items),
            Kind::Map(entries) => {
                for (name, node) in entries {
                    sources.hide(name.span);
                    open.push(node);
                }
            }
        }
    }
}

/// Returns the text of a node that is a single value.
pub(super) fn as_text(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Scalar(text, _) => Some(text),
        Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    }
}

fn no_value(name: &Spanned<String>, node: &Node) -> Diagnostic {
    let title = format!("variable `{}` must be a single value", name.value);
    Diagnostic::error("wrong-type", node.span, title, "a list or a map")
        .help("variables are texts, numbers or booleans: write a list as one text")
}

fn no_role(name: &Spanned<String>, node: &Node, loader: &Loader<'_>) -> Diagnostic {
    // only to suggest one of them
    let roles = loader.roles().unwrap_or_default();
    let title = format!("`{}` is no role, and a variable must be a single value", name.value);
    let label = "values of one role stand below its name";
    Diagnostic::error("wrong-type", node.span, title, label)
        .help(suggestion(&name.value, roles.iter().map(String::as_str)))
}

/// Tells whether a text may be shown as the name of a variable or of a role.
fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
}

/// Hides everything in a broken file of values but the keys: nobody can tell which of them are secrets.
fn hide_values(file: FileId, text: &str, sources: &mut Sources) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let key = line.find(':').filter(|end| line.get(..*end).is_some_and(is_name));
        sources.hide(Span::new(file, at + key.map_or(0, |end| end + 1), at + line.len()));
        at += line.len();
    }
}
