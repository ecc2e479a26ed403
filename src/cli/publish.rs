//! `cfgbuild publish`: uploads what user data points to, and the template where it is too long to be sent.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest as _, Sha256};

use super::described::described;
use super::network;
use super::profile::add_manifest;
use super::talk::{self, say};
use super::workspace::{Findings, Values, Workspace, said};
use crate::diagnostic::Diagnostics;
use crate::emit::{ASSETS, cloudformation};
use crate::net::{Store, There};
use crate::output::{self, hex};
use crate::profile::Loader;
use crate::source::Sources;
use crate::{Build, compile};

/// Upload what a role's user data points to
///
/// Where user data is over the limit of EC2 and `aws.assets` is set, the rest of it is published; so is a template over
/// 51,200 bytes. Names are made from digests: what is there already and is right is left alone, and an upload that was
/// broken off is taken up again. Publish before you create or update the stack.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Role to publish
    #[arg(value_name = "ROLE")]
    role: String,
    /// `s3://BUCKET/PREFIX` or `file:///FOLDER`; the profile's `aws.assets` where left out
    #[arg(long, value_name = "PLACE")]
    to: Option<String>,
    /// Another S3 than Amazon's
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Where the role was compiled to
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Most seconds one request may take
    #[arg(
        long, value_name = "SECONDS", default_value = "30",
        value_parser = clap::value_parser!(u64).range(1..=3_600),
        help_heading = "Network"
    )]
    timeout: u64,
    #[command(flatten)]
    findings: Findings,
    #[command(flatten)]
    values: Values,
}

struct Object<'b> {
    name: String,
    bytes: &'b [u8],
    secret: bool,
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    workspace.role(&args.role)?;
    let options =
        workspace.options(&args.values, &args.findings, std::slice::from_ref(&args.role), false)?;
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = said(&args.role, &mut sources);
    let mut loader = Loader::new(&workspace.door);
    let result = compile(&role, &mut loader, &options, &mut sources, &mut diags);
    let mut build = match result {
        Ok(build) if !args.findings.fail(&diags) => build,
        _ => {
            talk::findings(&sources, &diags)?;
            return Ok(ExitCode::from(1));
        }
    };
    let described = described(&build, &build.known);
    add_manifest(&role.value, described, &loader, &mut build);
    let root = workspace.root.strip_prefix(".").unwrap_or(&workspace.root);
    let folder = args.out.clone().unwrap_or_else(|| root.join("output")).join(&args.role);
    // what is published and what is committed must be the same build
    if !output::compare(&folder, &build.tree)?.is_empty() {
        let (folder, role) = (folder.display(), &args.role);
        say(&format!(
            "`{folder}` is not what the profiles say: run `cfgbuild profile {role}`, then again"
        ))?;
        return Ok(ExitCode::from(1));
    }
    let objects = objects(&build);
    if objects.is_empty() {
        say(&format!(
            "nothing to publish: user data and template of `{}` are sent as they are",
            args.role
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    let own = build.role.aws.as_ref().and_then(|aws| aws.assets.as_ref());
    let own = own.map(|assets| assets.value.to_string());
    let place = args.to.clone().or_else(|| own.clone()).context(
        "nowhere to publish to: set `aws.assets` in the profile, or use `--to s3://BUCKET/PREFIX`",
    )?;
    let store = {
        let waiting = network::waiting(&format!("opening {place}"));
        let timeout = Duration::from_secs(args.timeout);
        let store = Store::open(&place, args.endpoint.as_deref(), timeout);
        waiting.finish_and_clear();
        store?
    };
    upload(&store, &objects)?;
    if let Some(own) = own.filter(|own| *own != place.trim_end_matches('/'))
        && objects.iter().any(|object| !is_template(object))
    {
        say(&format!("machines look for their part at `{own}`: put it there, too"))?;
    }
    for template in objects.iter().filter(|object| is_template(object)) {
        if let Some(url) = store.https(&template.name) {
            let name = &build.role.cluster.value;
            say(
                "next, with the parameters of the template, or `update-stack` for a stack that is there:",
            )?;
            say(&format!(
                "  aws cloudformation create-stack --stack-name {name} --template-url {url} \
                 --capabilities CAPABILITY_IAM"
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns what must be there for the role's machines to boot and its stack to be made.
fn objects(build: &Build) -> Vec<Object<'_>> {
    let prefix = format!("{ASSETS}/");
    let mut objects = Vec::new();
    for (path, artefact) in build.tree.iter() {
        let (bytes, secret) = (artefact.bytes.as_slice(), artefact.is_secret());
        if let Some(name) = path.strip_prefix(&prefix) {
            objects.push(Object { name: name.to_owned(), bytes, secret });
        } else if path == cloudformation::JSON && bytes.len() > cloudformation::INLINE {
            let name = format!("{}/{path}", hex(&Sha256::digest(bytes)));
            objects.push(Object { name, bytes, secret });
        }
    }
    objects
}

fn is_template(object: &Object<'_>) -> bool {
    object.name.ends_with(cloudformation::JSON)
}

/// Puts what is not there or not right, and says the URL of each object on stdout.
fn upload(store: &Store, objects: &[Object<'_>]) -> anyhow::Result<()> {
    let total = objects.iter().map(|object| object.bytes.len() as u64).sum();
    // draws on a terminal only
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("  {bar:40} {bytes}/{total_bytes} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(network::TICK);
    let (mut put, mut kept, mut mended) = (0, 0, 0);
    for Object { name, bytes, secret: _ } in objects {
        bar.set_message(name.clone());
        match store.look(name, bytes)? {
            There::Same => kept += 1,
            There::Nothing => {
                store.put(name, bytes)?;
                put += 1;
            }
            There::Other => {
                store.put(name, bytes)?;
                mended += 1;
            }
        }
        bar.inc(bytes.len() as u64);
    }
    bar.finish_and_clear();
    for object in objects {
        talk::data(format!("{}\n", store.url(&object.name)).as_bytes())?;
    }
    let counts = [
        (put, "uploaded"),
        (mended, "replaced, not being what it should"),
        (kept, "there already"),
    ];
    let counts = counts.iter().filter(|(number, _)| *number > 0);
    let counts: Vec<String> = counts.map(|(number, what)| format!("{number} {what}")).collect();
    say(&format!("{}: {} bytes in all", counts.join(", "), total))?;
    if objects.iter().any(|object| object.secret) {
        say("it holds secrets: whoever can read the bucket can read them")?;
    }
    Ok(())
}
