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
    pub fn roles(&self) -> Vec<String> {
        let names = self.files.door.list("profiles").unwrap_or_default();
        let has_profile = |name: &String| self.files.door.exists(&profile_path(name));
        names.into_iter().filter(|name| is_role_name(name) && has_profile(name)).collect()
    }

    /// Returns the names of folders that hold a profile and that no command can name, sorted.
    pub fn misnamed(&self) -> Vec<String> {
        let names = self.files.door.list("profiles").unwrap_or_default();
        let has_profile = |name: &String| self.files.door.exists(&profile_path(name));
        names.into_iter().filter(|name| !is_role_name(name) && has_profile(name)).collect()
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
        if !is_role_name(&name.value) || !self.files.door.exists(&path) {
            let roles = self.roles();
            let help = if roles.is_empty() {
                format!(
                    "there are no profiles here: write `{path}`, or name the workspace with `-C DIR`"
                )
            } else {
                suggestion(&name.value, roles.iter().map(String::as_str))
            };
            let title = format!("there is no profile `{}`", name.value);
            return Err(diags.report(
                Diagnostic::error("profile-missing", name.span, title, "no such profile")
                    .help(help),
            ));
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
        let folder = format!("profiles/{}", name.value);
        add_units(&mut self.files, &folder, &mut tree, sources, diags);
        add_files(&mut self.files, &folder, &mut tree, sources, diags);
        self.layers.insert(name.value.clone(), tree.clone());
        Ok(tree)
    }
}

/// Returns the path of a role's profile.
fn profile_path(role: &str) -> String {
    format!("profiles/{role}/profile.yaml")
}

/// A role is a folder name of letters, digits, `-` and `_`.
fn is_role_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
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
