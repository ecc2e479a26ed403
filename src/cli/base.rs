//! What a build is held against: what runs, as far as somebody recorded it, else what was built last.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, anyhow, bail};

use super::workspace::{Workspace, outside};
use crate::Build;
use crate::change::{self, Base};
use crate::diagnostic::Diagnostics;
use crate::output::described::Described;
use crate::output::{Deployed, Lock, Manifest};

/// What a build is held against, and what is accepted all the same.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Against {
    /// Hold the change against this: a folder with builds, a manifest, a lock file, a revision of git, or `deployed`
    ///
    /// Where it is left out: what `cfgbuild deployed` recorded, else the output that is committed, else the output that
    /// is there.
    #[arg(long, value_name = "WHAT", help_heading = "Changes")]
    against: Option<String>,
    /// Let a change through that is refused
    #[arg(long, value_name = "CODE", value_parser = change::CODES, help_heading = "Changes")]
    accept: Vec<String>,
}

impl Against {
    /// Reports what cannot become of the running role in one step.
    pub(super) fn check(
        &self,
        workspace: &Workspace,
        out: &Path,
        build: &Build,
        after: &Described,
        diags: &mut Diagnostics,
    ) -> anyhow::Result<()> {
        let role = &build.role;
        if after.services.is_empty() && self.against.is_none() {
            // nothing of it is compared
            return Ok(());
        }
        let Some(base) = self.base(workspace, out, &role.name, after)? else { return Ok(()) };
        let accepted = |code: &str| {
            self.accept.iter().any(|accepted| accepted == code)
                || role.allow.iter().any(|(allowed, _)| allowed.value == code)
        };
        change::check(&base, after, role, &accepted, diags);
        Ok(())
    }

    /// Returns what a role is held against; `None` where nothing was built or recorded.
    fn base(
        &self,
        workspace: &Workspace,
        out: &Path,
        role: &str,
        after: &Described,
    ) -> anyhow::Result<Option<Base>> {
        if let Some(what) = &self.against {
            return said(workspace, out, what, role).map(Some);
        }
        if let Some(base) = deployed(workspace, role)? {
            return Ok(Some(base));
        }
        let path = out.join(role).join(Manifest::PATH);
        let there = outside(&path).ok();
        let there = there.and_then(|(name, bytes)| described(&bytes, &name).ok());
        // what was let through once is not asked for again, and git only where something differs
        if there.as_ref().is_some_and(|base| base.role == *after) {
            return Ok(None);
        }
        let committed = if has_git(&path) { committed(&path, "HEAD").ok().flatten() } else { None };
        Ok(committed.or(there))
    }
}

/// Reads what is recorded of the workspace; nothing is, where there is no file.
pub(super) fn lock(workspace: &Workspace) -> anyhow::Result<Lock> {
    if !workspace.door.exists(Lock::PATH) {
        return Ok(Lock::default());
    }
    let failed = |why: String| anyhow!("cannot read `{}`: {why}", Lock::PATH);
    let bytes = workspace.door.read(Lock::PATH).map_err(|error| failed(error.to_string()))?;
    Lock::parse(&bytes).map_err(failed)
}

/// Returns what is recorded of a role.
fn deployed(workspace: &Workspace, role: &str) -> anyhow::Result<Option<Base>> {
    let recorded = lock(workspace)?.deployed.remove(role);
    let place = || format!("`{}`", Lock::PATH);
    Ok(recorded.map(|it| Base { role: it.role, place: place() }))
}

/// Returns what the command line names.
fn said(workspace: &Workspace, out: &Path, what: &str, role: &str) -> anyhow::Result<Base> {
    if what == "deployed" {
        return deployed(workspace, role)?.with_context(|| {
            format!(
                "`{}` has no build of `{role}`: `cfgbuild deployed {role}` records one",
                Lock::PATH
            )
        });
    }
    let path = Path::new(what);
    if path.is_dir() {
        let inner = path.join(role).join(Manifest::PATH);
        let inner = if inner.is_file() { inner } else { path.join(Manifest::PATH) };
        let (name, bytes) = outside(&inner)?;
        return described(&bytes, &name);
    }
    if path.exists() {
        let (name, bytes) = outside(path)?;
        if let Ok(mut lock) = Lock::parse(&bytes) {
            let recorded = lock.deployed.remove(role);
            let recorded =
                recorded.with_context(|| format!("`{name}` has no build of `{role}`"))?;
            return Ok(Base { role: recorded.role, place: format!("`{name}`") });
        }
        return described(&bytes, &name);
    }
    let path = out.join(role).join(Manifest::PATH);
    committed(&path, what)?.with_context(|| {
        format!("`{what}` is no path, and no revision of git that has `{}`", path.display())
    })
}

fn described(bytes: &[u8], name: &str) -> anyhow::Result<Base> {
    let role = Described::read(bytes);
    let role = role.with_context(|| {
        format!(
            "`{name}` does not describe a role: it must be a manifest of format 2, or a lock file"
        )
    })?;
    Ok(Base { role, place: format!("`{name}`") })
}

/// Tells whether a path may be in a repository of git: to ask git itself costs more than to build a role.
fn has_git(path: &Path) -> bool {
    std::path::absolute(path)
        .is_ok_and(|path| path.ancestors().any(|folder| folder.join(".git").exists()))
}

/// Returns what a revision of git has at a path; `None` where it has nothing there that describes a role.
fn committed(path: &Path, revision: &str) -> anyhow::Result<Option<Base>> {
    if revision.starts_with('-') {
        bail!("`{revision}` is no revision of git");
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|it| it.to_str()))
    else {
        return Ok(None);
    };
    // the folder may be gone since, so it is asked from the nearest that is there
    let there = folder.ancestors().find(|it| it.is_dir() || it.as_os_str().is_empty());
    let from = there.filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let inner = folder.strip_prefix(from).unwrap_or(folder).join(name);
    let object = format!("{revision}:./{}", inner.display());
    // no text conversion, no pager, no hook: the bytes alone
    let ran = Command::new("git")
        .arg("-C")
        .arg(from)
        .args(["cat-file", "blob", &object])
        .stdin(Stdio::null())
        .output()
        .context("cannot run `git`")?;
    let place = format!("`{}` of {revision}", path.display());
    let role = Described::read(&ran.stdout).filter(|_| ran.status.success());
    Ok(role.map(|role| Base { role, place }))
}

/// Returns the build in an output folder, and the name of its manifest.
pub(super) fn built(out: &Path, role: &str) -> anyhow::Result<(String, Deployed)> {
    let (name, bytes) = outside(&out.join(role).join(Manifest::PATH))
        .with_context(|| format!("`{role}` is not built: run `cfgbuild profile {role}`"))?;
    let deployed = Deployed::of(&bytes).with_context(|| {
        format!("`{name}` does not describe the role: build it anew with `cfgbuild profile {role}`")
    })?;
    Ok((name, deployed))
}
