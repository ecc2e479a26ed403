//! `cfgbuild inspect`: any user data, shown as files and units.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use super::report::{self, Format};
use super::talk;
use super::workspace::Findings;
use crate::diagnostic::{Diagnostics, Report};
use crate::inspect;
use crate::source::{Door, Origin, Sources};

/// Most bytes that are read from a pipe: as many as of a file.
const MOST: u64 = 16 << 20;

/// Show what user data would make of a machine, and what is wrong with it
///
/// Takes Ignition, a CoreOS cloud-config, a script, or a CloudFormation template with one of these in it (JSON or
/// YAML); plain, as base64 or gzipped. Units inside are checked as a profile's own are. Exits with 1 if anything
/// cannot work.
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

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (name, origin, bytes) = if args.file == Path::new("-") {
        ("stdin".to_owned(), Origin::NoFile, piped()?)
    } else {
        (args.file.display().to_string(), Origin::Outside, read(&args.file)?)
    };
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

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = path.display();
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let file = path
        .file_name()
        .and_then(|file| file.to_str())
        .with_context(|| format!("`{name}` is no file"))?;
    let door = Door::open(folder).with_context(|| format!("cannot read `{name}`"))?;
    door.read(file).map_err(|error| anyhow::anyhow!("cannot read `{name}`: {error}"))
}

fn piped() -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().take(MOST + 1).read_to_end(&mut bytes).context("cannot read stdin")?;
    if bytes.len() as u64 > MOST {
        bail!("stdin holds more than {} MiB", MOST >> 20);
    }
    Ok(bytes)
}
