//! What most commands share: the workspace, where values come from, and the roles that are meant.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};

use super::explain;
use crate::diagnostic::{Diagnostics, Severity, suggestion};
use crate::profile::{Inputs, Loader, Source, shipped_roles};
use crate::service::Claims;
use crate::source::{Door, Origin, Sources, Span, Spanned, as_text};
use crate::{Options, parallel};

/// Values given on the command line.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Values {
    /// Set a variable; wins over every other source
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, help_heading = "Values")]
    set: Vec<(String, String)>,
    /// Read variables from a YAML map of names to values; `-` reads from stdin
    #[arg(long, value_name = "FILE", help_heading = "Values")]
    #[expect(clippy::struct_field_names, reason = "clap names the option after it")]
    values: Vec<PathBuf>,
    /// Replace a key of `target`: os, platform, ignition, formats
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair, help_heading = "Values")]
    target: Vec<(String, String)>,
}

/// What is done with findings.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Findings {
    /// Fail on warnings too
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"], help_heading = "Findings")]
    deny: Option<String>,
    /// Leave out the warnings of a check
    #[arg(long, value_name = "CODE", value_parser = code, help_heading = "Findings")]
    allow: Vec<String>,
}

impl Findings {
    /// Returns the findings without the warnings that are left out.
    pub(super) fn without_allowed(&self, found: Diagnostics) -> Diagnostics {
        let mut kept = Diagnostics::new();
        for finding in found.into_findings() {
            let is_allowed = self.allow.iter().any(|code| code == finding.code);
            if finding.severity != Severity::Warning || !is_allowed {
                kept.report(finding);
            }
        }
        kept
    }

    /// Tells whether what was found fails the run.
    pub(super) fn fail(&self, diags: &Diagnostics) -> bool {
        diags.has_errors() || self.deny.is_some() && !diags.sorted().is_empty()
    }
}

/// A workspace that is open.
pub(super) struct Workspace {
    /// The way to its files.
    pub(super) door: Door,
    /// Its folder, as named on the command line.
    pub(super) root: PathBuf,
}

impl Workspace {
    /// Returns the folder of the workspace that one stands in: the nearest one upwards, else the current folder.
    pub(super) fn nearest() -> PathBuf {
        let depth = std::env::current_dir().map_or(0, |folder| folder.components().count());
        let here = Path::new(".");
        // one that is being begun is meant, too
        if here.join("profiles").is_dir() {
            return here.to_owned();
        }
        let mut upwards = std::iter::successors(Some(PathBuf::new()), |path| Some(path.join("..")));
        let found = upwards.by_ref().take(depth).find(|folder| is_workspace(&here.join(folder)));
        found.filter(|folder| folder != Path::new("")).unwrap_or_else(|| here.to_owned())
    }

    /// Opens the workspace at `root`.
    pub(super) fn open(root: &Path) -> anyhow::Result<Self> {
        let door = Door::open(root)
            .with_context(|| format!("cannot open workspace `{}`", root.display()))?;
        Ok(Self { door, root: root.to_owned() })
    }

    /// Returns where builds are written, unless the command line says otherwise.
    pub(super) fn output(&self) -> PathBuf {
        self.root.strip_prefix(".").unwrap_or(&self.root).join("output")
    }

    /// Returns the roles that are meant: the named ones, or all there are.
    pub(super) fn roles(&self, named: &[String], all: bool) -> anyhow::Result<Vec<String>> {
        if !named.is_empty() && !all {
            // one that is named twice is meant once
            let mut roles: Vec<String> = Vec::new();
            for name in named {
                self.role(name)?;
                if !roles.contains(name) {
                    roles.push(name.clone());
                }
            }
            return Ok(roles);
        }
        let roles = Loader::new(&self.door)
            .roles()
            .map_err(|error| anyhow!("cannot read the folder `profiles`: {error}"))?;
        if roles.is_empty() {
            bail!(
                "`{}` holds no profiles: `cfgbuild init` writes a first one, \
                 `cfgbuild profile NAME` builds a shipped one ({}), `-C DIR` names another workspace",
                self.root.display(),
                shipped_roles().join(", ")
            );
        }
        Ok(roles)
    }

    /// Returns an error where no role has a name of the command line: that is a mistake there, and not in a profile.
    pub(super) fn role(&self, name: &str) -> anyhow::Result<()> {
        let loader = Loader::new(&self.door);
        if loader.without_profile(name).is_some() {
            // what is wrong there is told as of any other file of the workspace
            return Ok(());
        }
        let missing = loader.missing(name);
        let missing =
            missing.map_err(|error| anyhow!("cannot read the folder `profiles`: {error}"))?;
        match missing {
            Some(help) => bail!("there is no profile `{name}`: {help}"),
            None => Ok(()),
        }
    }

    /// Collects everything that changes a build besides the profiles.
    pub(super) fn options(
        &self,
        values: &Values,
        findings: &Findings,
        roles: &[String],
        with_model: bool,
    ) -> anyhow::Result<Options> {
        let inputs = self.inputs(values, roles.len())?;
        Ok(Options {
            claims: Arc::new(self.claims(&inputs, roles)),
            inputs,
            allow: findings.allow.clone(),
            with_model,
            // several roles are compiled at once, each on one thread
            threads: (parallel::cores() / roles.len().max(1)).max(1),
        })
    }

    /// Collects what all roles claim; one that cannot be read claims nothing.
    ///
    /// What is said for this run is said of the roles it is about, `meant`: the others have what the workspace says.
    fn claims(&self, inputs: &Inputs, meant: &[String]) -> Claims {
        let mut all = Claims::default();
        let inputs = Inputs { several_roles: true, ..inputs.clone() };
        let is_kept = |source: &&Source| matches!(source, Source::File { shared: true, .. });
        let kept = inputs.sources.iter().filter(is_kept).cloned().collect();
        let others = Inputs { sources: kept, target: Vec::new(), several_roles: true };
        let mut roles = Loader::new(&self.door).roles().unwrap_or_default();
        // a shipped role is one of the workspace where it is meant
        roles.extend(meant.iter().cloned());
        roles.sort();
        roles.dedup();
        if roles.len() < 2 {
            return all;
        }
        let work = |_, name: &String| {
            let mut sources = Sources::new();
            let role = said(name, &mut sources);
            let inputs = if meant.contains(name) { &inputs } else { &others };
            crate::claims(&role, &mut Loader::new(&self.door), inputs, &mut sources)
        };
        let take = |claims| {
            all.extend(claims);
            Ok::<(), Infallible>(())
        };
        let _infallible = parallel::in_order(&roles, parallel::cores(), work, take);
        all
    }

    /// Collects what sets variables, the weakest source first.
    pub(super) fn inputs(&self, values: &Values, roles: usize) -> anyhow::Result<Inputs> {
        if let Some(at) = values.set.iter().position(|(name, _)| name.is_empty()) {
            bail!(
                "value {} of `--set` is not NAME=VALUE; it is not shown: it may be a secret",
                at + 1
            );
        }
        let mut sources = Vec::new();
        if self.door.exists("cfgbuild.yaml") {
            let text = self
                .door
                .read_text("cfgbuild.yaml")
                .map_err(|error| anyhow::anyhow!("cannot read `cfgbuild.yaml`: {error}"))?;
            sources.push(Source::File { name: "cfgbuild.yaml".to_owned(), text, shared: true });
        }
        for path in &values.values {
            let (name, bytes) = outside(path)?;
            let text = as_text(&bytes)
                .map_err(|error| anyhow::anyhow!("cannot read `{name}`: {error}"))?;
            sources.push(Source::File { name, text, shared: false });
        }
        sources.extend(environment()?);
        sources.extend(
            values.set.iter().map(|(name, value)| Source::Set(name.clone(), value.clone())),
        );
        Ok(Inputs { sources, target: values.target.clone(), several_roles: roles > 1 })
    }
}

/// Returns whether a folder is a workspace beyond doubt: it has values, or a profile where profiles are.
fn is_workspace(folder: &Path) -> bool {
    let roles = || std::fs::read_dir(folder.join("profiles")).into_iter().flatten().flatten();
    folder.join("cfgbuild.yaml").is_file()
        || roles().any(|role| role.path().join("profile.yaml").is_file())
}

/// Reads a file that the command line names, wherever it is: `-` is stdin, and a pipe is read to its end.
///
/// Returns the name to show with it.
pub(super) fn outside(path: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    if path == Path::new("-") {
        let name = "stdin".to_owned();
        return Ok((name, bounded(std::io::stdin().lock(), "stdin")?));
    }
    let name = path.display().to_string();
    let about = std::fs::metadata(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            anyhow!("cannot read `{name}`: no such file")
        } else {
            anyhow!("cannot read `{name}`: {error}")
        }
    })?;
    if about.is_dir() {
        bail!("cannot read `{name}`: not a regular file");
    }
    let file = std::fs::File::open(path).with_context(|| format!("cannot read `{name}`"))?;
    let bytes = bounded(file, &format!("`{name}`"))?;
    Ok((name, bytes))
}

/// Most bytes that are read of a file outside the workspace.
const MOST: u64 = 16 << 20;

fn bounded(from: impl Read, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MOST + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {name}"))?;
    if bytes.len() as u64 > MOST {
        bail!("{name} holds more than {} MiB", MOST >> 20);
    }
    Ok(bytes)
}

/// Reads the code of a finding.
fn code(text: &str) -> Result<String, String> {
    let manuals = explain::manuals();
    if manuals.contains_key(text) {
        return Ok(text.to_owned());
    }
    let known = manuals.keys().copied().collect::<Vec<_>>();
    Err(format!("there is no finding `{text}`: {}", suggestion(text, known)))
}

/// Returns the place of a role named on the command line.
pub(super) fn said(role: &str, sources: &mut Sources) -> Spanned<String> {
    let file = sources.add_from(Origin::NoFile, "the command line", role);
    Spanned::new(role.to_owned(), Span::new(file, 0, role.len()))
}

/// What the names of variables for profiles begin with.
const PREFIX: &str = "CFGBUILD_VAR_";

/// Returns `CFGBUILD_VAR_<NAME>` of the environment, by name in lower case, sorted.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the environment is read, for variables only"
)]
fn environment() -> anyhow::Result<Vec<Source>> {
    let mut found: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (written, value) in std::env::vars_os() {
        if !written.as_encoded_bytes().starts_with(PREFIX.as_bytes()) {
            continue;
        }
        let shown = written.to_string_lossy().into_owned();
        let (Some(written), Some(value)) = (written.to_str(), value.to_str()) else {
            bail!(
                "the variable `{shown}` of the environment is not UTF-8: set it to a text in UTF-8"
            );
        };
        let name = written.strip_prefix(PREFIX).unwrap_or_default().to_ascii_lowercase();
        if let Some((other, _)) = found.get(&name) {
            let (first, second) = if *other < shown { (other, &shown) } else { (&shown, other) };
            bail!("the environment has both `{first}` and `{second}`: unset one of them");
        }
        found.insert(name, (shown, value.to_owned()));
    }
    let settings = found.into_iter();
    Ok(settings.map(|(name, (_, value))| Source::Environment(name, value)).collect())
}

/// Reads `NAME=VALUE`.
/// Reads `NAME=VALUE`. Without a name it is refused later: the parser of the command line would show what may be a
/// secret.
#[expect(clippy::unnecessary_wraps, reason = "clap takes a function that may fail")]
fn pair(text: &str) -> Result<(String, String), Infallible> {
    let (name, value) = text.split_once('=').unwrap_or_default();
    Ok((name.to_owned(), value.to_owned()))
}
