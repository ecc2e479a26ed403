//! Loads a profile and its parents: one tree per folder, with the unit and file texts that lie beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::beside::{add_files, add_units, entries_mut, entry_mut};
use super::files::{Files, add, unreadable};
use super::shipped::{self, shipped_roles};
use crate::diagnostic::{Diagnostic, Diagnostics, Reported, suggestion};
use crate::source::{Door, Edit, Kind, Node, ReadError, Sources, Span, Spanned, parse};

/// Reads profiles, each file once, and remembers what it read.
pub struct Loader<'a> {
    files: Files<'a>,
    layers: BTreeMap<String, Node>,
}

impl<'a> Loader<'a> {
    /// Returns a loader of a workspace.
    pub fn new(door: &'a Door) -> Self {
        Self { files: Files::new(door), layers: BTreeMap::new() }
    }

    /// Returns every file read so far: path and bytes.
    pub fn inputs(&self) -> &BTreeMap<String, Vec<u8>> {
        self.files.inputs()
    }

    /// Returns the names of all roles of the workspace, sorted; one whose file has a wrong name among them, and
    /// one whose folder is a link to nothing.
    pub fn roles(&self) -> Result<Vec<String>, ReadError> {
        let names = self.files.list(FOLDER)?;
        Ok(names.into_iter().filter(|name| self.is_own(name)).collect())
    }

    /// Returns whether there is a role of this name, here or among the shipped ones.
    pub(super) fn has(&self, name: &str) -> bool {
        self.is_own(name) || shipped_roles().contains(&name)
    }

    /// Returns whether a role is a shipped one that the workspace does not have itself.
    pub fn is_shipped(&self, name: &str) -> bool {
        !self.is_own(name) && shipped_roles().contains(&name)
    }

    /// Returns whether a name can be that of a role: a folder's of letters, digits, `-` and `_`.
    pub fn is_role_name(name: &str) -> bool {
        (1..=MAX_ROLE).contains(&name.len())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    }

    /// Returns what to do about a name that no role has, here or among the shipped ones; nothing where one has it.
    pub fn missing(&self, name: &str) -> Result<Option<String>, ReadError> {
        if self.has(name) {
            return Ok(None);
        }
        if let Some(help) = self.without_profile(name) {
            return Ok(Some(help));
        }
        let (own, shipped) = (self.roles()?, shipped_roles());
        let known: BTreeSet<&str> = own.iter().map(String::as_str).chain(shipped).collect();
        let loose = ["yaml", "yml"].map(|ending| format!("{FOLDER}/{name}.{ending}"));
        let loose = loose.iter().find(|path| !name.contains('/') && self.files.exists(path));
        Ok(Some(match loose {
            Some(loose) => format!("move `{loose}` to `{}`", profile_path(name)),
            None => suggestion(name, known),
        }))
    }

    /// Returns what is to be done where the place of a role is taken by something without a profile.
    pub fn without_profile(&self, name: &str) -> Option<String> {
        let (folder, path) = (format!("{FOLDER}/{name}"), profile_path(name));
        if name.is_empty() || name.contains('/') || self.has(name) || !self.files.exists(&folder) {
            return None;
        }
        Some(match self.files.list(&folder) {
            Err(ReadError::NotAFolder) => {
                format!("make `{folder}` a folder, and write `{path}`")
            }
            _ => format!("write `{path}`"),
        })
    }

    /// Returns whether the workspace has a role.
    fn is_own(&self, name: &str) -> bool {
        !name.contains(['/', '\\'])
            && (self.files.exists(&profile_path(name))
                || self.misnamed(name).is_some()
                || self.files.leads_nowhere(&format!("{FOLDER}/{name}")))
    }

    /// Returns the file of a role that is meant to be its profile, by its name.
    fn misnamed(&self, role: &str) -> Option<String> {
        if self.files.exists(&profile_path(role)) {
            return None;
        }
        let folder = format!("{FOLDER}/{role}");
        let mut names = self.files.list(&folder).unwrap_or_default().into_iter();
        names.find(|name| is_misnamed(name)).map(|name| format!("{folder}/{name}"))
    }

    /// Returns the trees of a role and its parents, the farthest parent first.
    pub(super) fn chain(
        &mut self,
        role: &Spanned<String>,
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) -> Result<Vec<Node>, Reported> {
        let mut chain = Vec::new();
        self.lay(role, &mut Vec::new(), &mut chain, sources, diags)?;
        Ok(chain.into_iter().map(|(_, tree)| tree).collect())
    }

    /// Adds the trees of a role and its parents to `chain`, each once: one that several extend lies below all of them.
    ///
    /// `path` leads from the role that is compiled to this one.
    fn lay(
        &mut self,
        role: &Spanned<String>,
        path: &mut Vec<Spanned<String>>,
        chain: &mut Vec<(String, Node)>,
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) -> Result<(), Reported> {
        if let Some(at) = path.iter().position(|known| known.value == role.value) {
            return Err(diags.report(cycle(path, at, role)));
        }
        let tree = self.layer(role, sources, diags)?;
        path.push(role.clone());
        let mut listed: Vec<Spanned<String>> = Vec::new();
        for parent in parents(&tree) {
            if let Some(before) = listed.iter().find(|before| before.value == parent.value) {
                return Err(diags.report(twice(&parent, before, None)));
            }
            if let Some(child) = listed.iter().find(|one| self.extends(&one.value, &parent.value)) {
                return Err(diags.report(twice(&parent, child, Some(&child.value))));
            }
            if !chain.iter().any(|(known, _)| *known == parent.value) {
                self.lay(&parent, path, chain, sources, diags)?;
            }
            listed.push(parent);
        }
        path.pop();
        chain.push((role.value.clone(), tree));
        Ok(())
    }

    /// Returns whether a role that has been read has another below it.
    fn extends(&self, role: &str, other: &str) -> bool {
        let parents = self.layers.get(role).map(parents).unwrap_or_default();
        parents.iter().any(|parent| parent.value == other || self.extends(&parent.value, other))
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
        let file = add(path, &text, sources);
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
        let exists = self.is_own(&name.value);
        let shipped = self.is_shipped(&name.value);
        if !Self::is_role_name(&name.value) || !(exists || shipped) {
            return Err(diags.report(if exists { no_role_name(name) } else { self.absent(name) }));
        }
        if let Some(wrong) = self.misnamed(&name.value) {
            return Err(diags.report(misnamed(name, &wrong, &path)));
        }
        let folder =
            if shipped { shipped::folder(&name.value) } else { format!("{FOLDER}/{}", name.value) };
        let path = format!("{folder}/{PROFILE}");
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
        add_units(&mut self.files, &folder, &mut tree, sources, diags);
        add_files(&mut self.files, &folder, &mut tree, sources, diags);
        self.layers.insert(name.value.clone(), tree.clone());
        Ok(tree)
    }

    fn absent(&self, name: &Spanned<String>) -> Diagnostic {
        let help = match self.missing(&name.value) {
            Ok(help) => help.unwrap_or_default(),
            Err(error) => return unreadable(FOLDER, name.span, &error),
        };
        let title = format!("there is no profile `{}`", name.value);
        Diagnostic::error("profile-missing", name.span, title, "no such profile").help(help)
    }
}

const FOLDER: &str = "profiles";

/// The file of a role that is its profile.
const PROFILE: &str = "profile.yaml";

/// Longest name of a role: the folders of its output are named after it, with more behind.
const MAX_ROLE: usize = 128;

/// Returns the path of a role's profile.
fn profile_path(role: &str) -> String {
    format!("{FOLDER}/{role}/{PROFILE}")
}

/// Returns whether a file is meant to be a profile by its name, which is another.
fn is_misnamed(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = lower.strip_suffix(".yaml").or_else(|| lower.strip_suffix(".yml"));
    name != PROFILE && stem.is_some_and(|stem| matches!(stem, "profile" | "profiles"))
}

fn misnamed(role: &Spanned<String>, wrong: &str, path: &str) -> Diagnostic {
    let title = format!("`{wrong}` is not read: a profile is called `{PROFILE}`");
    Diagnostic::error("profile-missing", role.span, title, "has no profile of that name")
        .help(format!("rename it: `mv {wrong} {path}`"))
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

/// Returns the profiles that one extends, the weakest first.
fn parents(tree: &Node) -> Vec<Spanned<String>> {
    let Some(extends) = tree.get("extends") else { return Vec::new() };
    let items = match &extends.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Scalar(..) | Kind::Null | Kind::Map(_) => std::slice::from_ref(extends),
    };
    let name = |node: &Node| match &node.kind {
        Kind::Scalar(name, _) => Some(Spanned::new(name.clone(), node.span)),
        Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    };
    items.iter().filter_map(name).collect()
}

/// Returns that a profile is laid down a second time: `of` is the parent that has it below already.
fn twice(name: &Spanned<String>, first: &Spanned<String>, of: Option<&str>) -> Diagnostic {
    let Spanned { value, span } = name;
    let (title, label, help) = match of {
        None => (
            format!("`extends` names `{value}` twice"),
            "named here already".to_owned(),
            "remove one of them: a profile is laid down once".to_owned(),
        ),
        Some(child) => (
            format!("`{value}` comes after `{child}`, which extends it"),
            format!("lies over `{value}`"),
            format!(
                "remove it, or name it before `{child}`: a profile is laid down once, below what extends it"
            ),
        ),
    };
    Diagnostic::error("extends-twice", *span, title, "is laid down already")
        .related(first.span, label)
        .help(help)
        .edit(Edit::remove(*span))
}

fn cycle(path: &[Spanned<String>], at: usize, name: &Spanned<String>) -> Diagnostic {
    let round = path.get(at..).unwrap_or_default();
    let mut names: Vec<&str> = round.iter().map(|name| name.value.as_str()).collect();
    names.push(&name.value);
    let title = format!("profiles extend each other in a circle: {}", names.join(" → "));
    let mut found = Diagnostic::error("extends-cycle", name.span, title, "closes the circle")
        .help("remove one of these `extends`, or move what they share into a profile of its own");
    if let ([only], true) = (round, shipped_roles().contains(&name.value.as_str())) {
        let own = &only.value;
        found = found.help(format!(
            "`{own}` is this profile itself, which takes the place of the shipped one: to extend that, give this one \
             another name, as in `mv {FOLDER}/{own} {FOLDER}/our-{own}`"
        ));
    }
    for step in round.iter().skip(1) {
        found = found.related(step.span, format!("leads to `{}`", step.value));
    }
    found
}
