//! Loads a profile and its parents: one tree per folder, with the unit and file texts that lie beside it.

use std::collections::BTreeMap;

use super::beside::{add_files, add_units, entries_mut, entry_mut};
use super::files::{Files, unreadable};
use crate::diagnostic::{Diagnostic, Diagnostics, Reported, suggestion};
use crate::source::{Door, Kind, Node, ReadError, Sources, Span, Spanned, parse};

/// Reads profiles, each file once, and remembers what it read.
pub struct Loader<'a> {
    files: Files<'a>,
    layers: BTreeMap<String, Node>,
}

impl<'a> Loader<'a> {
    /// Returns a loader of a workspace.
    pub fn new(door: &'a Door) -> Self {
        let files = Files { door, inputs: BTreeMap::new() };
        Self { files, layers: BTreeMap::new() }
    }

    /// Returns every file read so far: path and bytes.
    pub fn inputs(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files.inputs
    }

    /// Returns the names of all roles of the workspace, sorted.
    pub fn roles(&self) -> Result<Vec<String>, ReadError> {
        let names = self.files.door.list(FOLDER)?;
        Ok(names.into_iter().filter(|name| self.files.door.exists(&profile_path(name))).collect())
    }

    /// Returns whether there is a role of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        !name.contains(['/', '\\']) && self.files.door.exists(&profile_path(name))
    }

    /// Returns the trees of a role and its parents, the farthest parent first.
    pub(super) fn chain(
        &mut self,
        role: &Spanned<String>,
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) -> Result<Vec<Node>, Reported> {
        let mut chain: Vec<(Spanned<String>, Node)> = Vec::new();
        let mut next = Some(role.clone());
        while let Some(name) = next {
            if let Some(at) = chain.iter().position(|(known, _)| known.value == name.value) {
                return Err(diags.report(cycle(&chain, at, &name)));
            }
            let tree = self.layer(&name, sources, diags)?;
            next = match tree.get("extends").map(|node| (node.span, &node.kind)) {
                Some((span, Kind::Scalar(parent, _))) => Some(Spanned::new(parent.clone(), span)),
                _ => None,
            };
            chain.push((name, tree));
        }
        Ok(chain.into_iter().rev().map(|(_, tree)| tree).collect())
    }

    /// Reads a YAML file of the workspace; reports what is wrong with it.
    pub(super) fn yaml(
        &mut self,
        path: &str,
        at: Span,
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) -> Result<Node, Reported> {
        let text =
            self.files.text(path).map_err(|error| diags.report(unreadable(path, at, &error)))?;
        let file = sources.add(path, text.as_str());
        parse(file, &text).map_err(|faults| {
            let mut told = None;
            for fault in faults {
                told = Some(diags.report(fault.into()));
            }
            told.unwrap_or_else(|| diags.report(unreadable(path, at, &ReadError::Missing)))
        })
    }

    /// Reads the profile of one role with what lies beside it.
    fn layer(
        &mut self,
        name: &Spanned<String>,
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) -> Result<Node, Reported> {
        if let Some(tree) = self.layers.get(&name.value) {
            return Ok(tree.clone());
        }
        let path = profile_path(&name.value);
        let exists = !name.value.contains('/') && self.files.door.exists(&path);
        if !is_role_name(&name.value) || !exists {
            return Err(diags.report(if exists {
                no_role_name(name)
            } else {
                self.absent(name, &path)
            }));
        }
        let mut tree = self.yaml(&path, name.span, sources, diags)?;
        if !matches!(tree.kind, Kind::Map(_) | Kind::Null) {
            return Err(diags.report(
                Diagnostic::error(
                    "wrong-type",
                    tree.span,
                    "a profile must be a map",
                    "this is not a map",
                )
                .help("start with `description: …`"),
            ));
        }
        short_variables(&mut tree);
        let folder = format!("{FOLDER}/{}", name.value);
        add_units(&mut self.files, &folder, &mut tree, sources, diags);
        add_files(&mut self.files, &folder, &mut tree, sources, diags);
        self.layers.insert(name.value.clone(), tree.clone());
        Ok(tree)
    }

    fn absent(&self, name: &Spanned<String>, path: &str) -> Diagnostic {
        let roles = match self.roles() {
            Ok(roles) => roles,
            Err(error) => return unreadable(FOLDER, name.span, &error),
        };
        let help = if roles.is_empty() {
            format!(
                "there are no profiles here: write `{path}`, or name the workspace with `-C DIR`"
            )
        } else {
            suggestion(&name.value, roles.iter().map(String::as_str))
        };
        let title = format!("there is no profile `{}`", name.value);
        Diagnostic::error("profile-missing", name.span, title, "no such profile").help(help)
    }
}

/// Where all profiles are.
const FOLDER: &str = "profiles";

/// Longest name of a role: the folders of its output are named after it, with more behind.
const MAX_ROLE: usize = 128;

/// Returns the path of a role's profile.
fn profile_path(role: &str) -> String {
    format!("{FOLDER}/{role}/profile.yaml")
}

/// A role is a folder name of letters, digits, `-` and `_`.
fn is_role_name(name: &str) -> bool {
    (1..=MAX_ROLE).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

fn no_role_name(name: &Spanned<String>) -> Diagnostic {
    let title = format!("`{}` is no name of a role", name.value);
    Diagnostic::error("wrong-name", name.span, title, "cannot be the name of a profile").help(
        format!(
            "name the folder below `{FOLDER}` with letters, digits, `-` and `_`, {MAX_ROLE} at most"
        ),
    )
}

/// Turns `vars: { heap: 4GiB }` into a default for a variable that a parent declares.
fn short_variables(tree: &mut Node) {
    for (_, node) in entry_mut(tree, "vars").map(entries_mut).into_iter().flatten() {
        if matches!(node.kind, Kind::Scalar(..)) {
            let value = node.clone();
            let key = Spanned::new("default".to_owned(), node.span);
            node.kind = Kind::Map(vec![(key, value)]);
        }
    }
}

fn cycle(chain: &[(Spanned<String>, Node)], at: usize, name: &Spanned<String>) -> Diagnostic {
    let round = chain.get(at..).unwrap_or_default();
    let mut names: Vec<&str> = round.iter().map(|(name, _)| name.value.as_str()).collect();
    names.push(&name.value);
    let title = format!("profiles extend each other in a circle: {}", names.join(" → "));
    let mut found = Diagnostic::error("extends-cycle", name.span, title, "closes the circle")
        .help("remove one of these `extends`, or move what they share into a profile of its own");
    for (step, _) in round.iter().skip(1) {
        found = found.related(step.span, format!("leads to `{}`", step.value));
    }
    found
}
