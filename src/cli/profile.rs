//! `cfgbuild profile`: the main job.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest as _, Sha256};

use super::base::Against;
use super::described::described;
use super::excerpt::excerpt;
use super::summary::{self, Built};
use super::talk::{self, Progress, say};
use super::workspace::{Findings, Values, Workspace, said};
use crate::diagnostic::Diagnostics;
use crate::emit;
use crate::model;
use crate::output::described::Described;
use crate::output::{self, Change, Manifest, Outcome, Written};
use crate::profile::Loader;
use crate::source::Sources;
use crate::{Build, Options, compile, parallel};

/// What ends the help of the command.
const EXAMPLES: &str = "Examples:
  cfgbuild profile orders
  cfgbuild profile orders --set heap=4GiB
  cfgbuild profile --all --check
  cfgbuild profile orders --print cloud-config --node orders-1 | pbcopy";

/// Compile roles into `output/ROLE/`
///
/// Reads `profiles/ROLE/profile.yaml` and everything it extends, and writes one folder per role: for every node its
/// Ignition config, cloud-config and loose systemd units, and a manifest of all of it. The folder changes as a whole
/// or not at all.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Args {
    /// Roles to compile
    #[arg(value_name = "ROLE", required_unless_present = "all")]
    roles: Vec<String>,
    /// Compile every role of the workspace
    #[arg(long, conflicts_with = "roles")]
    all: bool,
    /// Write below this folder
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,
    /// Compare with what is there instead of writing; 1 if it is stale
    #[arg(long, help_heading = "Output", conflicts_with = "print")]
    check: bool,
    /// How to tell what was done
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output",
        conflicts_with = "print"
    )]
    format: Format,
    /// Print one node's user data to stdout, in the form to paste
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    print: Option<Print>,
    /// Print compressed user data as its bytes, not as base64
    #[arg(long, help_heading = "Output", requires = "print")]
    raw: bool,
    /// The node to print; the first where left out
    #[arg(long, value_name = "NODE", help_heading = "Output", requires = "print")]
    node: Option<String>,
    /// Also write what must be on each machine, for tests that compare
    #[arg(long, hide = true)]
    with_model: bool,
    #[command(flatten)]
    against: Against,
    #[command(flatten)]
    findings: Findings,
    #[command(flatten)]
    values: Values,
}

/// How it is told what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people, on stderr
    Human,
    /// One JSON document on stdout
    Json,
}

/// What `--print` can print.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Print {
    /// Ignition JSON
    Ignition,
    /// CoreOS cloud-config
    CloudConfig,
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    let roles = workspace.roles(&args.roles, args.all)?;
    if args.print.is_some() && roles.len() > 1 {
        bail!("--print prints one role: name only one");
    }
    let options = workspace.options(&args.values, &args.findings, &roles, args.with_model)?;
    let out = args.out.clone().unwrap_or_else(|| workspace.output());
    if let (Some(format), Some(role)) = (args.print, roles.first()) {
        return print(&workspace, &options, role, format, args);
    }
    let place = output::Roles::new(&out);
    let work = |_, role: &String| one(&workspace, &options, role, &out, &place, args);
    let (mut code, mut documents) = (ExitCode::SUCCESS, Vec::new());
    let mut progress = Progress::new(roles.len());
    let tell = |told: anyhow::Result<Told>| {
        progress.clear()?;
        let Told { findings, about, done, is_well } = told?;
        talk::text(&findings)?;
        if args.format == Format::Json {
            documents.push(done);
        } else if !(is_well && talk::is_quiet()) {
            talk::text(&about)?;
        }
        if !is_well {
            code = ExitCode::from(1);
        }
        progress.step()
    };
    let finished = parallel::in_order(&roles, parallel::cores(), work, tell);
    progress.clear()?;
    finished?;
    if args.all && args.check {
        for role in gone(&workspace, &out)? {
            let folder = out.join(&role);
            talk::text(&format!(
                "{}: no profile makes it any more: remove it, or write `profiles/{role}/profile.yaml`\n",
                folder.display()
            ))?;
            documents.push(Built::gone(&role, &folder));
            code = ExitCode::from(1);
        }
    }
    if args.format == Format::Json {
        let text = serde_json::to_string_pretty(&summary::Document::new(documents))?;
        talk::data((text + "\n").as_bytes())?;
    }
    Ok(code)
}

/// Returns the roles that were written below a folder and are not there any more.
fn gone(workspace: &Workspace, out: &Path) -> anyhow::Result<Vec<String>> {
    let loader = Loader::new(&workspace.door);
    let is_there = |role: &String| loader.missing(role).is_ok_and(|missing| missing.is_none());
    Ok(output::built(out)?.into_iter().filter(|role| !is_there(role)).collect())
}

/// What came of one role.
struct Told {
    /// Findings: they are always said.
    findings: String,
    /// What was done: it is said unless one asks for quiet and all is well.
    about: String,
    /// The same for programs.
    done: Built,
    is_well: bool,
}

/// Compiles one role and writes or compares it.
fn one(
    workspace: &Workspace,
    options: &Options,
    role: &str,
    out: &Path,
    place: &output::Roles,
    args: &Args,
) -> anyhow::Result<Told> {
    #[expect(clippy::disallowed_methods, reason = "is only said, never written")]
    let began = Instant::now();
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let mut loader = Loader::new(&workspace.door);
    let role = said(role, &mut sources);
    let result = compile(&role, &mut loader, options, &mut sources, &mut diags);
    let after = result.as_ref().ok().map(|build| described(build, &build.known));
    if let (Ok(build), Some(after)) = (&result, &after) {
        args.against.check(workspace, out, build, after, &mut diags)?;
    }
    let findings = talk::drawn(&sources, &diags);
    let folder = out.join(&role.value);
    let (mut build, after) = match (result, after) {
        (Ok(done), Some(after)) if !args.findings.fail(&diags) => (done, after),
        _ => {
            let done = Built::refused(&role.value, &folder);
            return Ok(Told { findings, about: String::new(), done, is_well: false });
        }
    };
    add_manifest(&role.value, after, &loader, &mut build);
    if args.check {
        let mut about = String::new();
        let is_well = check(&folder, &build, &mut about)?;
        let done = Built::of(&folder, &build, if is_well { "fresh" } else { "stale" });
        return Ok(Told { findings, about, done, is_well });
    }
    let waits = || {
        // where stderr is gone the wait itself says it
        drop(say(&format!("waiting for `{}`, which another program has locked", out.display())));
    };
    let written = place.write(&role.value, &build.tree, &waits)?;
    let mut about = tell_written(&folder, &build, &written, began.elapsed());
    if loader.is_shipped(&role.value) {
        line(&mut about, &shipped(&role.value));
    }
    if talk::is_verbose() {
        let read: Vec<&str> = loader.inputs().keys().map(String::as_str).collect();
        line(&mut about, &format!("  read: {}", read.join(", ")));
    }
    if args.roles.len() == 1 && written.outcome != Outcome::Unchanged {
        about.push_str(&summary::next(&folder, &build));
    }
    about.push('\n');
    let outcome = match written.outcome {
        Outcome::Unchanged => "unchanged",
        Outcome::Created => "created",
        Outcome::Replaced => "replaced",
    };
    let done = Built::of(&folder, &build, outcome);
    Ok(Told { findings, about, done, is_well: true })
}

/// Adds the manifest, which says what the tree was compiled from.
pub(super) fn add_manifest(
    role: &str,
    described: Described,
    loader: &Loader<'_>,
    build: &mut Build,
) {
    // a file whose contents are a secret need not be committed: its digest would be
    let files = build.role.files.iter().filter(|file| file.secret);
    let secrets: Vec<&Vec<u8>> = files.flat_map(|file| file.contents.all()).collect();
    let digest = |bytes: &Vec<u8>| {
        let shown = (!secrets.contains(&bytes)).then(|| output::hex(&Sha256::digest(bytes)));
        shown.unwrap_or_default()
    };
    let inputs = loader.inputs().iter().map(|(path, bytes)| (path.clone(), digest(bytes)));
    let inputs: Vec<(String, String)> = inputs.collect();
    let manifest = Manifest::of(role, described, &inputs, &build.tree);
    build.tree.add(Manifest::PATH, manifest.to_json());
}

/// Says where a profile comes from that is not in the workspace.
fn shipped(role: &str) -> String {
    format!("  note: shipped with cfgbuild: `cfgbuild init {role}` copies it here, to be edited")
}

/// Adds a line to what is to be said.
fn line(told: &mut String, line: &str) {
    told.push_str(line);
    told.push('\n');
}

/// Returns what is said of a role that is written.
fn tell_written(folder: &Path, build: &Build, written: &Written, took: Duration) -> String {
    let mut told = summary::summary(folder, build);
    let secret = build.tree.iter().filter(|(_, artefact)| artefact.is_secret()).count();
    if secret > 0 {
        let files = talk::count(&[(secret, "file")]);
        let note = format!(
            "  note: secrets are in {files} of mode 0600, and git keeps no such mode: list `{}` in `.gitignore`",
            folder.display()
        );
        line(&mut told, &note);
    }
    let outcome = match written.outcome {
        Outcome::Unchanged => "unchanged".to_owned(),
        Outcome::Created => format!("created, {}", talk::count(&[(written.added, "file")])),
        Outcome::Replaced => {
            format!(
                "{} added, {} changed, {} removed",
                written.added, written.changed, written.removed
            )
        }
    };
    line(&mut told, &format!("  {outcome}, in {:.1} ms", took.as_secs_f64() * 1e3));
    told
}

/// Most lines of differences that are shown of one role.
const MOST_LINES: usize = 200;

/// Compares with what is on disk; says every difference.
fn check(folder: &Path, build: &Build, told: &mut String) -> anyhow::Result<bool> {
    let differences = output::compare(folder, &build.tree)?;
    let (mut lines, mut left) = (MOST_LINES, 0);
    for difference in &differences {
        let path = folder.join(&difference.path);
        let path = path.display();
        match &difference.change {
            Change::Missing => line(told, &format!("{path}: is missing")),
            Change::Extra => line(told, &format!("{path}: would not be written any more")),
            Change::Changed { diff } if talk::is_verbose() => {
                line(told, &format!("{path}: is stale\n{diff}"));
            }
            Change::Changed { diff } => {
                // the manifest only says again what differs elsewhere
                let is_new = difference.path != Manifest::PATH || differences.len() == 1;
                let (shown, more) = excerpt(diff, if is_new { lines } else { 0 });
                line(told, &format!("{path}: is stale\n{shown}"));
                lines -= shown.lines().count();
                left += more;
            }
            Change::Mode { found, wanted } => {
                line(told, &format!("{path}: has mode {found:04o}, would get {wanted:04o}"));
            }
        }
    }
    if differences.is_empty() {
        line(told, &format!("{} is what the profiles say", folder.display()));
    } else {
        if left > 0 {
            let left = talk::count(&[(left, "line")]);
            line(told, &format!("{left} of differences left out: `-v` shows all"));
        }
        let stale = talk::count(&[(differences.len(), "stale file")]);
        line(told, &format!("{stale}: run `cfgbuild profile {}`", build.role.name));
    }
    Ok(differences.is_empty())
}

/// Compiles a role and prints one node's user data.
fn print(
    workspace: &Workspace,
    options: &Options,
    role: &str,
    format: Print,
    args: &Args,
) -> anyhow::Result<ExitCode> {
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let mut loader = Loader::new(&workspace.door);
    let role = said(role, &mut sources);
    let result = compile(&role, &mut loader, options, &mut sources, &mut diags);
    talk::findings(&sources, &diags)?;
    let build = match result {
        Ok(build) if !args.findings.fail(&diags) => build,
        _ => return Ok(ExitCode::from(1)),
    };
    let node = args.node.as_deref();
    let machine = match node {
        None => build.machines.first(),
        Some(name) => build.machines.iter().find(|machine| machine.name == name),
    };
    let names = || {
        build.machines.iter().map(|machine| machine.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let machine = machine.with_context(|| {
        format!("no node `{}`: must be one of: {}", node.unwrap_or(""), names())
    })?;
    let format = match format {
        Print::Ignition => model::Format::Ignition,
        Print::CloudConfig => model::Format::CloudConfig,
    };
    let target = &build.role.target;
    if !target.formats.value.contains(&format) {
        let why = build.refused.map_or(String::new(), |code| {
            format!(": `--target formats={format}` says why (`cfgbuild explain {code}`)")
        });
        bail!("{} is not among the formats of this target ({}){why}", format, target.os.value);
    }
    let bytes = emit::user_data(&build.tree, &machine.name, format).context("nothing to print")?;
    if node.is_none() && build.machines.len() > 1 {
        let name = &machine.name;
        say(&format!(
            "this is `{name}` of {}: `--node` prints another, and no two are alike",
            names()
        ))?;
    }
    if args.raw || std::str::from_utf8(bytes).is_ok() {
        talk::data(bytes)?;
        return Ok(ExitCode::SUCCESS);
    }
    talk::data((BASE64_STANDARD.encode(bytes) + "\n").as_bytes())?;
    say(
        "compressed, so printed as base64: tell the console that the data is encoded already; `--raw` prints the bytes",
    )?;
    Ok(ExitCode::SUCCESS)
}
