//! `cfgbuild check`: all findings, nothing written.

use std::path::Path;
use std::process::ExitCode;

use super::base::Against;
use super::described::described;
use super::fix;
use super::report::{self, Format};
use super::talk;
use super::workspace::{Findings, Values, Workspace, said};
use crate::diagnostic::{Diagnostics, Report};
use crate::profile::Loader;
use crate::source::Sources;
use crate::{compile, parallel};

/// Compile roles in memory and report every finding; write nothing
///
/// Exits with 1 if anything cannot work. `cfgbuild explain CODE` tells more of a finding.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Roles to check; all of the workspace where none is named
    #[arg(value_name = "ROLE")]
    roles: Vec<String>,
    /// How to tell what was found
    #[arg(long, value_name = "FORMAT", default_value = "human", help_heading = "Findings")]
    format: Format,
    /// Make every edit that a finding says exactly, in the files; what touches another waits for the next run
    #[arg(long, conflicts_with = "format", help_heading = "Fixing")]
    fix: bool,
    /// With `--fix`, print what would change as a diff, and write nothing
    #[arg(long, requires = "fix", help_heading = "Fixing")]
    dry_run: bool,
    #[command(flatten)]
    against: Against,
    #[command(flatten)]
    findings: Findings,
    #[command(flatten)]
    values: Values,
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    let roles = workspace.roles(&args.roles, false)?;
    let options = workspace.options(&args.values, &args.findings, &roles, false)?;
    if args.fix {
        let is_well = fix::run(&workspace, &roles, &options, &args.findings, args.dry_run)?;
        return Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(1) });
    }
    let out = workspace.output();
    let mut report = Report::new(&workspace.root);
    let mut wrong = 0;
    let compiled = |_, name: &String| {
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let mut loader = Loader::new(&workspace.door);
        let role = said(name, &mut sources);
        let built = compile(&role, &mut loader, &options, &mut sources, &mut diags);
        if let Ok(build) = &built {
            let after = described(build, &build.known);
            args.against.check(&workspace, &out, build, &after, &mut diags)?;
        }
        let is_wrong = built.is_err() || args.findings.fail(&diags);
        anyhow::Ok((role.value, sources, diags, is_wrong))
    };
    let tell = |compiled: anyhow::Result<(String, Sources, Diagnostics, bool)>| {
        let (role, sources, diags, is_wrong) = compiled?;
        if args.format == Format::Human {
            talk::findings(&sources, &diags)?;
        } else {
            report.add(&role, &sources, &diags);
        }
        wrong += usize::from(is_wrong);
        anyhow::Ok(())
    };
    parallel::in_order(&roles, parallel::cores(), compiled, tell)?;
    if args.format != Format::Human {
        report::print(&report, args.format)?;
    }
    if wrong > 0 {
        return Ok(ExitCode::from(1));
    }
    let verb = if roles.len() == 1 { "compiles" } else { "compile" };
    talk::note(&format!("{} {verb}", talk::count(&[(roles.len(), "role")])))?;
    Ok(ExitCode::SUCCESS)
}
