//! What a source of values says: a file, the environment, the command line.
//!
//! `cfgbuild.yaml` speaks to all roles of a workspace; a map in it, below the name of a role, to that one.

use std::collections::BTreeSet;

use super::vars::as_text;
use super::{Loader, Source};
use crate::diagnostic::{Diagnostic, Diagnostics, suggestion};
use crate::source::{FileId, Node, Origin, Sources, Span, Spanned, parse};

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
                let tree = match parse(file, text) {
                    Ok(tree) => tree,
                    Err(faults) => {
                        if may_hold_secrets {
                            hide_values(file, text, sources);
                        }
                        for fault in faults {
                            diags.report(fault.into());
                        }
                        unreadable.insert(String::new());
                        return Vec::new();
                    }
                };
                let entries = tree.entries().unwrap_or_default();
                let (own, mut rest) = (entries.iter()).partition::<Vec<_>, _>(|(name, node)| {
                    *shared && name.value == role.0 && node.entries().is_some()
                });
                if *shared {
                    rest.retain(|(name, node)| !is_of_other(name, node, role.1, sources));
                }
                let own = own.into_iter().filter_map(|(_, node)| node.entries()).flatten();
                let rest = rest.into_iter().map(|entry| (entry, false));
                rest.chain(own.map(|entry| (entry, true)))
                    .filter_map(|((name, node), for_this_role)| {
                        let Some(value) = as_text(node) else {
                            unreadable.insert(name.value.clone());
                            for (_, node) in node.entries().unwrap_or_default() {
                                sources.hide(node.span);
                            }
                            diags.report(no_value(name, node, *shared && !for_this_role, role.1));
                            return None;
                        };
                        let value = Spanned::new(value.to_owned(), node.span);
                        Some(Said { name: name.clone(), value, for_this_role })
                    })
                    .collect()
            }
        }
    }
}

/// Tells whether an entry holds the values of another role, and hides them: they may be secrets there.
fn is_of_other(
    name: &Spanned<String>,
    node: &Node,
    loader: &Loader<'_>,
    sources: &mut Sources,
) -> bool {
    let Some(entries) = node.entries().filter(|_| loader.has(&name.value)) else { return false };
    for (_, node) in entries {
        sources.hide(node.span);
    }
    true
}

/// Says that what an entry of a file of values holds is none.
fn no_value(
    name: &Spanned<String>,
    node: &Node,
    may_be_role: bool,
    loader: &Loader<'_>,
) -> Diagnostic {
    let found =
        |title: String, label: &str| Diagnostic::error("wrong-type", node.span, title, label);
    if may_be_role && node.entries().is_some() {
        let roles = loader.roles();
        let title = format!("`{}` is no role, and a variable must be a single value", name.value);
        return found(title, "values of one role stand below its name")
            .help(suggestion(&name.value, roles.iter().map(String::as_str)));
    }
    found(format!("variable `{}` must be a single value", name.value), "a list or a map")
        .help("variables are texts, numbers or booleans: write a list as one text")
}

/// Hides everything in a broken file of values but the keys: nobody can tell which of them are secrets.
fn hide_values(file: FileId, text: &str, sources: &mut Sources) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let key = line.find(':').filter(|end| {
            line.get(..*end)
                .is_some_and(|key| key.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c)))
        });
        sources.hide(Span::new(file, at + key.map_or(0, |end| end + 1), at + line.len()));
        at += line.len();
    }
}
