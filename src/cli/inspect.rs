//! `cfgbuild inspect`: any user data, shown as files and units.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::manifest_shown;
use super::report::{self, Format};
use super::talk;
use super::workspace::{Findings, outside};
use crate::diagnostic::{Diagnostics, Report};
use crate::inspect;
use crate::source::{Origin, Sources};

/// Show what user data would make of a machine, and what is wrong with it
///
/// Takes Ignition, a CoreOS cloud-config, a script, or a CloudFormation template with one of these in it (JSON or
/// YAML); plain, as base64 or gzipped. Units inside are checked as a profile's own are. A `manifest.json` is shown as
/// the role it describes. Exits with 1 if anything cannot work.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file; `-` reads from stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How to tell what was found; other than `human`, nothing else is told
    #[arg(long, value_name = "FORMAT", default_value = "human", help_heading = "Findings")]
    format: Format,
    #[command(flatten)]
    findings: Findings,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (name, bytes) = outside(&args.file)?;
    if args.format == Format::Human
        && let Some(shown) = manifest_shown::shown(&name, &bytes)?
    {
        talk::data(shown.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let origin = if args.file == Path::new("-") { Origin::NoFile } else { Origin::Outside };
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let found = inspect::read(&name, &bytes, origin, &mut sources, &mut diags);
    let diags = args.findings.without_allowed(diags);
    if args.format == Format::Human {
        let shown: Vec<String> = found.iter().map(inspect::show).collect();
        talk::data(shown.join("\n").as_bytes())?;
        talk::findings(&sources, &diags)?;
    } else {
        let mut report = Report::new(Path::new(""));
        report.add(&name, &sources, &diags);
        report::print(&report, args.format)?;
    }
    Ok(if args.findings.fail(&diags) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
