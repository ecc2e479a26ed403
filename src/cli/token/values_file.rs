//! Puts a token where the next build finds it: into a file of values, under the variable the profile takes it from.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};

use super::role::{Discovery, Protocol};
use crate::cli::workspace::Workspace;
use crate::output;
use crate::profile::sole_variable;
use crate::source::{Door, ReadError, set_entry};

/// The values file of a workspace.
const SHARED: &str = "cfgbuild.yaml";

/// A place for a token that can be written to.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    /// The variable.
    variable: String,
    /// The role whose values it is among; `None` where the file is for one build.
    section: Option<String>,
    /// What the profile writes around it.
    around: (String, String),
}

impl Place {
    /// Finds where the token of `role` belongs, so that nothing is asked of the network where it cannot be kept.
    pub(super) fn find(
        role: &Discovery<'_>,
        protocol: Protocol,
        file: &str,
        workspace: &Workspace,
    ) -> anyhow::Result<Self> {
        let (key, usual, kind) = protocol.key();
        let slot = role.slot(protocol).with_context(|| {
            format!(
                "role `{}` takes no token: write `etcd: {{ {key}: \"{{{{vars.{usual}}}}}\" }}` and \
                 `vars: {{ {usual}: {{ type: {kind}, default: \"\" }} }}` into its profile",
                role.name
            )
        })?;
        let (before, variable, after) = sole_variable(&slot.text).with_context(|| {
            let how =
                if slot.text.contains("{{") { "comes from no single variable" } else { "is written out" };
            format!(
                "`etcd.{key}` {how} at {}: write `\"{{{{vars.{usual}}}}}\"` there and declare \
                 `vars: {{ {usual}: {{ type: {kind}, default: \"\" }} }}`, or put the token there yourself",
                role.place(&slot)
            )
        })?;
        let root = workspace.root.strip_prefix(".").unwrap_or(&workspace.root);
        let path = if file == SHARED { root.join(SHARED) } else { PathBuf::from(file) };
        // a token is for one cluster: below the name of its role no other takes it
        let section = (file == SHARED).then(|| role.name.clone());
        let place = Self {
            path,
            variable: variable.to_owned(),
            section,
            around: (before.to_owned(), after.to_owned()),
        };
        // what cannot be edited is known before a token is spent on it
        place.edited("00000000000000000000000000000000")?;
        Ok(place)
    }

    pub(super) fn write(&self, token: &str) -> anyhow::Result<()> {
        let (before, after) = &self.around;
        let value = token
            .strip_prefix(before.as_str())
            .and_then(|rest| rest.strip_suffix(after.as_str()))
            .with_context(|| {
                format!(
                    "the profile writes `{before}` before the variable `{}` and `{after}` behind it, \
                     which `{token}` does not fit",
                    self.variable
                )
            })?;
        output::replace(&self.path, self.edited(value)?.as_bytes())
    }

    fn edited(&self, value: &str) -> anyhow::Result<String> {
        let text = read(&self.path)?;
        set_entry(&text, &self.keys(), value).with_context(|| {
            let (path, key) = (self.path.display(), self.key());
            format!("`{path}` cannot be edited in place: set `{key}` in it yourself")
        })
    }

    fn keys(&self) -> Vec<&str> {
        self.section.iter().chain([&self.variable]).map(String::as_str).collect()
    }

    /// Returns the path of the variable in the file.
    pub(super) fn key(&self) -> String {
        self.keys().join(".")
    }
}

/// Returns the text of a file as it is; nothing where there is none.
fn read(path: &Path) -> anyhow::Result<String> {
    let failed = |error: ReadError| anyhow!("cannot read `{}`: {error}", path.display());
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let door = Door::open(folder).with_context(|| format!("cannot read `{}`", path.display()))?;
    match door.read(name) {
        Ok(bytes) => String::from_utf8(bytes)
            .map_err(|error| failed(ReadError::NotText(error.utf8_error().valid_up_to()))),
        Err(ReadError::Missing) => Ok(String::new()),
        Err(error) => Err(failed(error)),
    }
}
