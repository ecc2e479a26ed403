//! `cfgbuild inspect`: any user data, shown as files and units.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;

use super::manifest_shown;
use super::report::{self, Format};
use super::talk;
use super::workspace::{Findings, outside};
use crate::diagnostic::{Diagnostics, Report};
use crate::inspect::{self, Found};
use crate::model::Platform;
use crate::output::{self, Tree};
use crate::platform;
use crate::source::{Origin, Sources};

/// Show what user data would make of a machine, and what is wrong with it
///
/// Takes Ignition, a CoreOS cloud-config, a script, or a CloudFormation template with one of these in it (JSON or
/// YAML); plain, as base64 or gzipped. Units inside are checked as a profile's own are. A `manifest.json` is shown as
/// the role it describes.
///
/// Exits with 1 if the machine would not boot from it or something in it cannot work: where Ignition or
/// coreos-cloudinit refuses it or fails of it, and where a unit cannot do what it says. Warnings leave it at 0, but for
/// `--deny warnings`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file; `-` reads from stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Hold it to what this platform takes, as a profile names it: a limit is none of every platform
    #[arg(long, value_name = "PLATFORM", value_parser = PossibleValuesParser::new(Platform::WORDS))]
    platform: Option<String>,
    /// Show in one line each what there is, without what it holds
    #[arg(long, group = "shown")]
    summary: bool,
    /// Print one unit with its drop-ins, and nothing else
    #[arg(long, value_name = "NAME", group = "shown")]
    unit: Option<String>,
    /// Print what it makes as JSON; `cfgbuild schema machine` describes it
    #[arg(long, group = "shown")]
    json: bool,
    /// Write files and units into a folder that is not there yet
    #[arg(long, value_name = "DIR")]
    extract: Option<PathBuf>,
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
    if let Some(word) = &args.platform {
        let named = Platform::ALL.iter().find(|(known, _)| known == word);
        let limit = named.and_then(|(_, platform)| (platform::of(*platform).user_data_limit)(None));
        inspect::too_large(&found, limit, &mut diags);
    }
    let diags = args.findings.without_allowed(diags);
    if let Some(folder) = &args.extract {
        extract(folder, &found)?;
    }
    if args.format == Format::Human {
        talk::data(shown(args, &found)?.as_bytes())?;
        talk::findings(&sources, &diags)?;
    } else {
        let mut report = Report::new(Path::new(""));
        report.add(&name, &sources, &diags);
        report::print(&report, args.format)?;
    }
    Ok(if args.findings.fail(&diags) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Returns what is printed of what was found.
fn shown(args: &Args, found: &[Found]) -> anyhow::Result<String> {
    if args.json {
        return Ok(inspect::document(found));
    }
    if let Some(name) = &args.unit {
        let units: Vec<String> = found.iter().filter_map(|found| found.unit(name)).collect();
        if units.is_empty() {
            let known: Vec<&str> = found.iter().flat_map(Found::unit_names).collect();
            anyhow::bail!("there is no unit `{name}`; there is: {}", known.join(" "));
        }
        return Ok(units.join("\n"));
    }
    if args.extract.is_some() {
        return Ok(String::new());
    }
    let show = if args.summary { inspect::summary } else { inspect::show };
    let shown: Vec<String> = found.iter().map(show).collect();
    Ok(shown.join("\n"))
}

/// Writes the files of each machine; those of several into folders by their number.
fn extract(folder: &Path, found: &[Found]) -> anyhow::Result<()> {
    let mut tree = Tree::new();
    for (number, machine) in found.iter().enumerate() {
        for (path, artefact) in machine.extracted().iter() {
            let path = match found.len() {
                1 => path.to_owned(),
                _ => format!("{}/{path}", number + 1),
            };
            tree.add_guarded(path, artefact.bytes.clone(), artefact.is_secret());
        }
    }
    output::fresh(folder, &tree)?;
    let count = tree.len();
    let plural = if count == 1 { "" } else { "s" };
    talk::say(&format!("{count} file{plural} in {}", folder.display()))
}
