//! `cfgbuild profile`: the main job.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest as _, Sha256};

use super::talk::{self, say};
use super::workspace::{Findings, Values, Workspace, said};
use crate::diagnostic::Diagnostics;
use crate::emit::{self, Form, cloudformation};
use crate::model::{Format, VolumeSource};
use crate::output::{self, Change, Manifest, Outcome, Written};
use crate::platform;
use crate::profile::Loader;
use crate::source::Sources;
use crate::{Build, Options, compile, parallel};

/// Compile roles into `output/ROLE/`
///
/// Reads `profiles/ROLE/profile.yaml` and everything it extends, and writes one folder per role: for every node its
/// Ignition config, cloud-config and loose systemd units, and a manifest of all of it. The folder changes as a whole
/// or not at all.
///
/// Examples:
///   cfgbuild profile kafka
///   cfgbuild profile kafka --set discovery_url=https://discovery.etcd.io/TOKEN
///   cfgbuild profile --all --check
///   cfgbuild profile kafka --print cloud-config --node kafka-1 | pbcopy
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[expect(clippy::doc_markdown, reason = "the comment is the help of the command, shown as it is")]
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
    findings: Findings,
    #[command(flatten)]
    values: Values,
}

/// What `--print` can print.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Print {
    /// Ignition JSON
    Ignition,
    /// CoreOS cloud-config
    CloudConfig,
}

/// Runs the command.
pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    let roles = workspace.roles(&args.roles, args.all)?;
    if args.print.is_some() && roles.len() > 1 {
        bail!("--print prints one role: name only one");
    }
    let options = workspace.options(&args.values, &args.findings, &roles, args.with_model)?;
    let root = workspace.root.strip_prefix(".").unwrap_or(&workspace.root);
    let out = args.out.clone().unwrap_or_else(|| root.join("output"));
    if let (Some(format), Some(role)) = (args.print, roles.first()) {
        return print(&workspace, &options, role, format, args);
    }
    let place = output::Roles::new(&out);
    let work = |_, role: &String| one(&workspace, &options, role, &out, &place, args);
    let mut code = ExitCode::SUCCESS;
    let tell = |(said, outcome): (String, anyhow::Result<bool>)| {
        talk::text(&said)?;
        if !outcome? {
            code = ExitCode::from(1);
        }
        anyhow::Ok(())
    };
    parallel::in_order(&roles, parallel::cores(), work, tell)?;
    Ok(code)
}

/// Compiles one role and writes or compares it; returns what is to be said of it, and whether all is well.
fn one(
    workspace: &Workspace,
    options: &Options,
    role: &str,
    out: &Path,
    place: &output::Roles,
    args: &Args,
) -> (String, anyhow::Result<bool>) {
    #[expect(clippy::disallowed_methods, reason = "is only said, never written")]
    let began = Instant::now();
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let mut loader = Loader::new(&workspace.door);
    let role = said(role, &mut sources);
    let result = compile(&role, &mut loader, options, &mut sources, &mut diags);
    let mut told = talk::drawn(&sources, &diags);
    let mut build = match result {
        Ok(done) if !args.findings.fail(&diags) => done,
        _ => return (told, Ok(false)),
    };
    add_manifest(&role.value, &loader, &mut build);
    let folder = out.join(&role.value);
    let outcome = if args.check {
        check(&folder, &build, &mut told)
    } else {
        let waits = || {
            // where stderr is gone the wait itself says it
            drop(say(&format!(
                "waiting for `{}`, which another program has locked",
                out.display()
            )));
        };
        let written = place.write(&role.value, &build.tree, &waits);
        written.map(|written| {
            tell_written(&folder, &build, &written, began.elapsed(), &mut told);
            if loader.is_shipped(&role.value) {
                line(&mut told, &shipped(&role.value));
            }
            true
        })
    };
    (told, outcome)
}

/// Adds the manifest, which says what the tree was compiled from.
pub(super) fn add_manifest(role: &str, loader: &Loader<'_>, build: &mut Build) {
    // a file whose contents are a secret need not be committed: its digest would be
    let files = build.cluster.files.iter().filter(|file| file.secret);
    let secrets: Vec<&Vec<u8>> = files.flat_map(|file| file.contents.all()).collect();
    let digest = |bytes: &Vec<u8>| {
        let shown = (!secrets.contains(&bytes)).then(|| output::hex(&Sha256::digest(bytes)));
        shown.unwrap_or_default()
    };
    let inputs = loader.inputs().iter().map(|(path, bytes)| (path.clone(), digest(bytes)));
    let inputs: Vec<(String, String)> = inputs.collect();
    let manifest = Manifest::of(role, &inputs, &build.tree);
    build.tree.add(Manifest::PATH, manifest.to_json());
}

/// Says where a profile comes from that is not in the workspace.
fn shipped(role: &str) -> String {
    format!(
        "  note: `{role}` is a profile that cfgbuild brings along: \
         `cfgbuild init {role}` copies it here, to be edited\n"
    )
}

/// Adds a line to what is to be said.
fn line(told: &mut String, line: &str) {
    told.push_str(line);
    told.push('\n');
}

fn tell_written(
    folder: &Path,
    build: &Build,
    written: &Written,
    took: Duration,
    told: &mut String,
) {
    summary(folder, build, told);
    let secret = build.tree.iter().filter(|(_, artefact)| artefact.is_secret()).count();
    if secret > 0 {
        let files = talk::count(&[(secret, "file")]);
        let note = format!(
            "  note: secrets are in {files} of mode 0600, and git keeps no such mode: list `{}` in `.gitignore`",
            folder.display()
        );
        line(told, &note);
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
    line(told, &format!("  {outcome}, in {:.1} ms\n", took.as_secs_f64() * 1e3));
}

/// Says what each node got and how much of the user-data limit it takes.
fn summary(folder: &Path, build: &Build, told: &mut String) {
    let target = &build.cluster.target;
    line(
        told,
        &format!(
            "{} → {} ({} on {}, Ignition {})",
            build.cluster.role,
            folder.display(),
            target.os.value,
            target.platform.value,
            target.ignition.value,
        ),
    );
    let mut rows: Vec<Vec<String>> =
        vec![vec!["node".to_owned(), "units".to_owned(), "files".to_owned()]];
    let formats = build.sizes.first().map(|sizes| sizes.user_data.as_slice()).unwrap_or_default();
    if let Some(header) = rows.first_mut() {
        header.extend(formats.iter().map(|(format, _)| format!("{format} bytes")));
    }
    for (machine, sizes) in build.machines.iter().zip(&build.sizes).take(MOST_ROWS) {
        let mut row = vec![
            machine.name.clone(),
            machine.units.len().to_string(),
            machine.files.len().to_string(),
        ];
        row.extend(sizes.user_data.iter().map(|(_, size)| {
            let share = size.limit.map_or(String::new(), |limit| {
                format!(" ({} % of {limit})", size.sent * 100 / limit)
            });
            let packed = match size.form {
                Form::Plain => String::new(),
                Form::Packed => format!(", {} unpacked", size.plain),
                Form::Stub => format!(", stub of {} published", size.published),
            };
            format!("{}{share}{packed}", size.sent)
        }));
        rows.push(row);
    }
    for row in columns(&rows) {
        line(told, &row);
    }
    if build.machines.len() > MOST_ROWS {
        line(told, &format!("  … and {} nodes more", build.machines.len() - MOST_ROWS));
    }
    if let Some(code) = build.refused {
        let note = format!(
            "  note: no cloud-config, which cannot hold all of this: \
             `--target formats=cloud-config` says what (`cfgbuild explain {code}`)"
        );
        line(told, &note);
    }
    lent_disks(build, told);
    template(build, told);
}

/// Names the volumes whose disks the platform does not make although the profile reads so.
fn lent_disks(build: &Build, told: &mut String) {
    let platform = build.cluster.target.platform.value;
    if platform::of(platform).makes_ebs {
        return;
    }
    for volume in &build.cluster.volumes {
        let VolumeSource::Ebs(ebs) = &volume.source else { continue };
        let (name, device) = (&volume.name.value, &ebs.device.value);
        line(
            told,
            &format!(
                "  note: volume `{name}` is a disk that you attach as {device}: nothing on {platform} makes an `ebs`"
            ),
        );
    }
}

/// Says how much of a template's limit the stack takes.
fn template(build: &Build, told: &mut String) {
    let Some(template) = build.tree.get(cloudformation::JSON) else { return };
    let (bytes, limit) = (template.bytes.len(), cloudformation::INLINE);
    let upload = if bytes > limit { ", goes through S3: `cfgbuild publish`" } else { "" };
    let share = bytes * 100 / limit;
    line(
        told,
        &format!("  {}: {bytes} bytes ({share} % of {limit}{upload})", cloudformation::JSON),
    );
}

/// Most nodes listed after a build.
const MOST_ROWS: usize = 12;

/// Returns rows as lines with aligned columns.
fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (index, cell) in row.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(index) {
                Some(known) => *known = (*known).max(width),
                None => widths.push(width),
            }
        }
    }
    let line = |row: &Vec<String>| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("  {}", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// Compares with what is on disk; says every difference.
fn check(folder: &Path, build: &Build, told: &mut String) -> anyhow::Result<bool> {
    let differences = output::compare(folder, &build.tree)?;
    for difference in &differences {
        let path = folder.join(&difference.path);
        let path = path.display();
        match &difference.change {
            Change::Missing => line(told, &format!("{path}: is missing")),
            Change::Extra => line(told, &format!("{path}: would not be written any more")),
            Change::Changed { diff } => line(told, &format!("{path}: is stale\n{diff}")),
            Change::Mode { found, wanted } => {
                line(told, &format!("{path}: has mode {found:04o}, would get {wanted:04o}"));
            }
        }
    }
    if differences.is_empty() {
        line(told, &format!("{} is what the profiles say", folder.display()));
    } else {
        let stale = talk::count(&[(differences.len(), "stale file")]);
        line(told, &format!("{stale}: run `cfgbuild profile {}`", build.cluster.role));
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
        Print::Ignition => Format::Ignition,
        Print::CloudConfig => Format::CloudConfig,
    };
    let target = &build.cluster.target;
    if !target.formats.value.contains(&format) {
        let why = build.refused.map_or(String::new(), |code| {
            format!(": `--target formats={format}` says why (`cfgbuild explain {code}`)")
        });
        bail!("{} is not among the formats of this target ({}){why}", format, target.os.value);
    }
    let bytes = emit::user_data(&build.tree, &machine.name, format).context("nothing to print")?;
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
