//! `cfgbuild init`: a workspace to begin with, or a copy of a shipped profile in one that is there.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use super::style::{NAME, styled};
use super::talk;
use super::workspace::Workspace;
use crate::grammar::GRAMMAR;
use crate::output::create;
use crate::profile::json_schema::json_schema;
use crate::profile::{Loader, shipped_files, shipped_roles};

/// Start a workspace: a first profile that builds, and what git and an editor need beside it
///
/// With the name of a profile that cfgbuild brings along (`cfgbuild list` names them), that one is copied, to be
/// edited. No file that is there is touched.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The role: a name of your own, or that of a shipped profile
    #[arg(value_name = "ROLE", default_value = "example")]
    role: String,
    /// Also write what runs the checks: in GitHub's CI, in GitLab's, or before each commit
    #[arg(long = "with", value_name = "WHAT", value_delimiter = ',')]
    extras: Vec<Extra>,
}

/// What runs the checks of a workspace.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Extra {
    /// `.github/workflows/cfgbuild.yml`
    Github,
    /// `.gitlab-ci.yml`
    Gitlab,
    /// `.githooks/pre-commit`
    Hook,
}

/// A file to be written.
struct New {
    path: String,
    bytes: Vec<u8>,
    /// Permission bits, less what the umask takes.
    mode: u32,
}

impl New {
    fn text(path: impl Into<String>, text: &str) -> Self {
        Self { path: path.into(), bytes: text.as_bytes().to_vec(), mode: 0o666 }
    }
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    std::fs::metadata(directory)
        .with_context(|| format!("cannot open workspace `{}`", directory.display()))?;
    let workspace = Workspace::open(directory)?;
    let role = &args.role;
    if !Loader::is_role_name(role) {
        bail!("`{role}` is no name of a role: letters, digits, `-` and `_` make one");
    }
    let folder = format!("profiles/{role}");
    let there = workspace.door.list(&folder);
    if !there.map_err(|error| anyhow::anyhow!("cannot read `{folder}`: {error}"))?.is_empty() {
        bail!(
            "`{folder}` is there and stays as it is: choose another name, as `cfgbuild init NAME`"
        );
    }
    let mut said = String::new();
    for New { path, bytes, mode } in files(role, &folder, &args.extras) {
        let is_new = create(&workspace.root.join(&path), &bytes, mode)?;
        let how = if is_new { "wrote" } else { "kept " };
        let why = if is_new { "" } else { ": it is there, and stays as it is" };
        said.extend(["  ", how, "  ", path.as_str(), why, "\n"]);
    }
    if !talk::is_quiet() {
        talk::text(&said)?;
    }
    let name = styled(NAME, role);
    talk::note(&format!(
        "\nnext: edit `{folder}/profile.yaml`, then `cfgbuild profile {name}`; \
         `cfgbuild show {name}` prints every value"
    ))?;
    for extra in &args.extras {
        if let Extra::Hook = extra {
            talk::note("the hook is switched on by `git config core.hooksPath .githooks`")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns everything that is to be written, the profile first.
fn files(role: &str, folder: &str, extras: &[Extra]) -> Vec<New> {
    let own = |(path, bytes): (&str, &[u8])| New {
        path: format!("{folder}/{path}"),
        bytes: bytes.to_vec(),
        mode: 0o666,
    };
    let mut files: Vec<New> = if shipped_roles().contains(&role) {
        shipped_files(role).into_iter().map(own).collect()
    } else {
        vec![New::text(format!("{folder}/profile.yaml"), include_str!("../../init/profile.yaml"))]
    };
    files.extend([
        New::text("profile.schema.json", &json_schema(&GRAMMAR)),
        New::text(".gitignore", include_str!("../../init/gitignore")),
        New::text(".gitattributes", include_str!("../../init/gitattributes")),
    ]);
    files.extend(extras.iter().map(|extra| match extra {
        Extra::Github => {
            New::text(".github/workflows/cfgbuild.yml", include_str!("../../init/github.yml"))
        }
        Extra::Gitlab => New::text(".gitlab-ci.yml", include_str!("../../init/gitlab.yml")),
        Extra::Hook => New {
            mode: 0o777,
            ..New::text(".githooks/pre-commit", include_str!("../../init/pre-commit"))
        },
    }));
    files
}
