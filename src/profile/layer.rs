//! Loads a profile and its parents: one tree per folder, with the unit and file texts that lie beside it.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::diagnostic::{Diagnostic, Diagnostics, Reported, suggestion};
use crate::source::{
    Door, Keys, Kind, Node, ReadError, Sources, Span, Spanned, Style, as_text, parse,
};

/// Reads profiles, each file once, and remembers what it read.
pub struct Loader<'a> {
    door: &'a Door,
    layers: BTreeMap<String, Node>,
    inputs: BTreeMap<String, Vec<u8>>,
}

impl<'a> Loader<'a> {
    /// Returns a loader of a workspace.
    pub fn new(door: &'a Door) -> Self {
        Self { door, layers: BTreeMap::new(), inputs: BTreeMap::new() }
    }

    /// Returns every file read so far: path and bytes.
    pub fn inputs(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.inputs
    }

    /// Returns the names of all roles of the workspace, sorted.
    pub fn roles(&self) -> Vec<String> {
        let names = self.door.list("profiles").unwrap_or_default();
        names.into_iter().filter(|name| self.door.exists(&profile_path(name))).collect()
    }

    /// Tells whether there is a role of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        !name.contains(['/', '\\']) && self.door.exists(&profile_path(name))
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
        let text = self.text(path).map_err(|error| diags.report(unreadable(path, at, &error)))?;
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
        if !is_role_name(&name.value) || !self.door.exists(&path) {
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
        self.add_units(&folder, &mut tree, sources, diags);
        self.add_files(&folder, &mut tree, sources, diags);
        self.layers.insert(name.value.clone(), tree.clone());
        Ok(tree)
    }

    /// Makes every text in `units/` the contents of the unit (or drop-in) it is named after.
    fn add_units(
        &mut self,
        folder: &str,
        tree: &mut Node,
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) {
        let base = format!("{folder}/units");
        let mut keys = Keys::default();
        for name in self.door.list(&base).unwrap_or_default() {
            let path = format!("{base}/{name}");
            if let Some(unit) = name.strip_suffix(".d") {
                for dropin in self.door.list(&path).unwrap_or_default() {
                    if let Some((text, span)) =
                        self.side_text(&format!("{path}/{dropin}"), sources, diags)
                    {
                        let dropin = dropin.strip_suffix(".hbs").unwrap_or(&dropin);
                        put_unit(tree, &mut keys, unit, &["dropins", dropin], text, span);
                    }
                }
            } else if let Some((text, span)) = self.side_text(&path, sources, diags) {
                let unit = name.strip_suffix(".hbs").unwrap_or(&name);
                put_unit(tree, &mut keys, unit, &["contents"], text, span);
            }
        }
    }

    /// Replaces every `local: NAME` below `files` by the contents of `files/NAME`.
    fn add_files(
        &mut self,
        folder: &str,
        tree: &mut Node,
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) {
        let mut used = BTreeSet::new();
        for (_, file) in entry_mut(tree, "files").map(entries_mut).into_iter().flatten() {
            for (key, value) in entries_mut(file) {
                let Kind::Scalar(name, _) = &value.kind else { continue };
                if key.value != "local" {
                    continue;
                }
                let path = format!("{folder}/files/{name}");
                used.insert(name.clone());
                match self.read(&path) {
                    Ok(bytes) => match String::from_utf8(bytes) {
                        Ok(text) => {
                            let text = text.replace("\r\n", "\n");
                            let id = sources.add(path.as_str(), text.as_str());
                            value.span = Span::new(id, 0, text.len());
                            let template = has_extension(name, "hbs");
                            value.kind = Kind::Scalar(
                                text,
                                if template { Style::Block } else { Style::Verbatim },
                            );
                            "inline".clone_into(&mut key.value);
                        }
                        Err(error) => {
                            value.kind =
                                Kind::Scalar(BASE64.encode(error.as_bytes()), Style::Verbatim);
                            "base64".clone_into(&mut key.value);
                        }
                    },
                    Err(error) => {
                        diags.report(unreadable(&path, value.span, &error));
                    }
                }
            }
        }
        for name in self.door.list(&format!("{folder}/files")).unwrap_or_default() {
            let prefix = format!("{name}/");
            let below = used.range(prefix.clone()..).next();
            if !used.contains(&name) && !below.is_some_and(|path| path.starts_with(&prefix)) {
                let title = format!("`{folder}/files/{name}` is used by no file of the profile");
                let help =
                    format!("name it under `files`: `/etc/…: {{ local: {name} }}`, or delete it");
                diags.report(
                    Diagnostic::warning("file-unused", tree.span, title, "in this profile")
                        .help(help),
                );
            }
        }
    }

    /// Reads a text beside a profile into a scalar: a template if it ends in `.hbs`.
    fn side_text(
        &mut self,
        path: &str,
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) -> Option<((String, Style), Span)> {
        match self.text(path) {
            Ok(text) => {
                let span = Span::new(sources.add(path, text.as_str()), 0, text.len());
                let style = if has_extension(path, "hbs") { Style::Block } else { Style::Verbatim };
                Some(((text, style), span))
            }
            Err(error) => {
                let mut found = unreadable(path, Sources::NOWHERE, &error);
                found.primary.text =
                    format!("everything in a profile's `units/` becomes a unit: `{path}` too");
                diags.report(found);
                None
            }
        }
    }

    fn text(&mut self, path: &str) -> Result<String, ReadError> {
        let bytes = self.door.read(path)?;
        let text = as_text(&bytes)?;
        self.inputs.insert(path.to_owned(), bytes);
        Ok(text)
    }

    fn read(&mut self, path: &str) -> Result<Vec<u8>, ReadError> {
        let bytes = self.door.read(path)?;
        self.inputs.insert(path.to_owned(), bytes.clone());
        Ok(bytes)
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

fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, last)| last == extension)
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

fn entries_mut(node: &mut Node) -> &mut [(Spanned<String>, Node)] {
    match &mut node.kind {
        Kind::Map(entries) => entries,
        Kind::Null | Kind::Scalar(..) | Kind::List(_) => &mut [],
    }
}

fn entry_mut<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    entries_mut(node).iter_mut().find(|(name, _)| name.value == key).map(|(_, node)| node)
}

/// Sets a text of a unit unless the profile itself says something there; `keys` finds units among thousands.
fn put_unit(
    tree: &mut Node,
    keys: &mut Keys,
    unit: &str,
    path: &[&str],
    text: (String, Style),
    span: Span,
) {
    if let Some(Kind::Map(units)) = entry_mut(tree, "units").map(|units| &mut units.kind) {
        if let Some((_, known)) = keys.find(units, unit).and_then(|at| units.get_mut(at)) {
            return put(known, path, text, span);
        }
        let mut fresh = Node::new(span, Kind::Null);
        put(&mut fresh, path, text, span);
        units.push((Spanned::new(unit.to_owned(), span), fresh));
    } else {
        put(tree, &[&["units", unit], path].concat(), text, span);
    }
}

/// Sets a text deep in a tree unless the profile itself says something there.
fn put(node: &mut Node, path: &[&str], text: (String, Style), span: Span) {
    let Some((first, rest)) = path.split_first() else {
        node.kind = Kind::Scalar(text.0, text.1);
        return;
    };
    if !matches!(node.kind, Kind::Map(_)) {
        if !matches!(node.kind, Kind::Null) {
            return;
        }
        node.kind = Kind::Map(Vec::new());
    }
    if let Some(child) = entry_mut(node, first) {
        if !rest.is_empty() {
            put(child, rest, text, span);
        }
    } else if let Kind::Map(entries) = &mut node.kind {
        let mut child = Node::new(span, Kind::Null);
        put(&mut child, rest, text, span);
        entries.push((Spanned::new((*first).to_owned(), span), child));
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

fn unreadable(path: &str, at: Span, error: &ReadError) -> Diagnostic {
    let found = Diagnostic::error(
        "file-unreadable",
        at,
        format!("cannot read `{path}`: {error}"),
        "needed here",
    );
    match error {
        ReadError::Missing => found.help(format!("write `{path}`, or correct the name")),
        ReadError::Outside => found
            .help("copy the file into the workspace: a build must not depend on what is outside"),
        ReadError::NotAFile => found.help("put a plain file there"),
        ReadError::TooLarge(_) => {
            found.help("let the machine fetch large contents at boot instead of carrying them")
        }
        ReadError::NotText(_) => found.help("save it as UTF-8"),
        ReadError::Failed(_) => found,
    }
}
