//! `cfgbuild deployed`: which build of a role runs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::base::{built, lock};
use super::talk;
use super::workspace::Workspace;
use crate::output::described::Described;
use crate::output::{self, Lock};

/// Record which build of a role runs, in `cfgbuild.lock`
///
/// Say it once the machines have what is in `output/ROLE/`, and commit the file: from then on every build is held
/// against it. Without a role it lists what is recorded.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Roles that run as they were built last
    #[arg(value_name = "ROLE")]
    roles: Vec<String>,
    /// Where the builds are
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Forget the roles: nothing of them runs any more
    #[arg(long, requires = "roles", conflicts_with = "out")]
    forget: bool,
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    let before = lock(&workspace)?;
    if args.roles.is_empty() {
        let mut lines = String::new();
        for (role, deployed) in &before.deployed {
            writeln!(lines, "{role}: {}", about(&deployed.role))?;
        }
        talk::data(lines.as_bytes())?;
        if before.deployed.is_empty() {
            talk::note("nothing is recorded: `cfgbuild deployed ROLE` says that a build runs")?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let out = args.out.clone().unwrap_or_else(|| workspace.output());
    let mut after = before.clone();
    let mut said = Vec::new();
    for role in &args.roles {
        if args.forget {
            let what = match after.deployed.remove(role) {
                Some(_) => "forgotten",
                None => "was not recorded",
            };
            said.push(format!("{role}: {what}"));
            continue;
        }
        let (_, deployed) = built(&out, role)?;
        let line = about(&deployed.role);
        let old = after.deployed.insert(role.clone(), deployed);
        let is_new = old != after.deployed.get(role).cloned();
        said.push(format!("{role}: {line}{}", if is_new { "" } else { ", as recorded before" }));
    }
    if after != before {
        output::replace(&workspace.root.join(Lock::PATH), &after.to_json())?;
        said.push(format!("recorded in {}: commit it", Lock::PATH));
    }
    for line in said {
        talk::note(&line)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns what a role consists of, on one line.
fn about(role: &Described) -> String {
    let nodes: Vec<&str> = role.nodes.iter().map(|node| node.name.as_str()).collect();
    let services = role.services.iter().map(|service| match &service.version {
        Some(version) => format!("{} {version}", service.name),
        None => service.name.clone(),
    });
    let services: Vec<String> = services.collect();
    let services =
        if services.is_empty() { String::new() } else { format!(", {}", services.join(", ")) };
    talk::clean(&format!("{} of {}{services}", talk::count(&[(nodes.len(), "node")]), role.cluster))
}
