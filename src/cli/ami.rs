//! `cfgbuild ami`: the ids of a role's image by region, from the list its operating system publishes.
//!
//! A build knows no clock, so that it cannot say that a list has grown old: `--check` does.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::{DateTime, SecondsFormat, Utc};

use super::network::{self, Network};
use super::talk::{self, say};
use super::workspace::{Workspace, said};
use crate::diagnostic::{Diagnostics, mask};
use crate::grammar::GRAMMAR;
use crate::model::Os;
use crate::net;
use crate::net::releases::{self, Release};
use crate::os;
use crate::output;
use crate::platform::aws;
use crate::profile::{self, Loader};
use crate::source::{Edit, Editor, Kind, Node, Sources, parse};

/// Put the newest AMIs of a role's operating system into its profile
///
/// Prints `aws.ami` by region, and in `x-ami` where it comes from: source, version, date. The list is Flatcar's or
/// Fedora CoreOS's own, or one that `--from` names. Flatcar's images are withdrawn nine months after their release:
/// `--check` ends with 1 where the profile's are older.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Role whose operating system and instance type count
    #[arg(value_name = "ROLE")]
    role: String,
    /// Release list to read: a file or a URL
    #[arg(long, value_name = "LIST")]
    from: Option<String>,
    /// Channel or stream of releases
    #[arg(long, value_name = "CHANNEL", default_value = "stable")]
    channel: String,
    /// Keep only these regions
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    region: Vec<String>,
    /// Write into the role's profile instead of printing
    #[arg(long, conflicts_with = "check")]
    write: bool,
    /// Only tell how old the profile's list is
    #[arg(long, conflicts_with_all = ["from", "region"])]
    check: bool,
    #[command(flatten)]
    network: Network,
}

/// From how many days on images are said to be old: Flatcar withdraws them after nine months.
const OLD: i64 = 270;
/// Largest list that is read; Fedora's has half a million bytes.
const MAX_LIST: usize = 16 << 20;

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    workspace.role(&args.role)?;
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = said(&args.role, &mut sources);
    let mut loader = Loader::new(&workspace.door);
    let Ok(written) = profile::written(&role, &mut loader, &GRAMMAR, &mut sources, &mut diags)
    else {
        talk::findings(&sources, &diags)?;
        return Ok(ExitCode::from(1));
    };
    if args.check {
        return check(&args.role, &written);
    }
    let os = text(&written, &["target", "os"]).unwrap_or_default();
    let os = Os::ALL.iter().find(|(word, _)| *word == os).map(|(_, os)| *os);
    let arch = aws::processor(text(&written, &["aws", "instance_type"]).unwrap_or_default());
    let list = match &args.from {
        Some(list) => list.clone(),
        None => usual(os, &args.channel, arch)?,
    };
    let mut release = release(&list, arch, &args.network)?;
    if !args.region.is_empty() {
        let known: Vec<String> = release.amis.keys().cloned().collect();
        if let Some(region) = args.region.iter().find(|region| !known.contains(region)) {
            bail!("the list has no image in `{region}`: it has {}", known.join(", "));
        }
        release.amis.retain(|region, _| args.region.contains(region));
    }
    // what is written down is read by others
    let (amis, about) = fragments(&release, &mask(&list));
    if !args.write {
        talk::data(format!("aws: {{ ami: {amis} }}\nx-ami: {about}\n").as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let name = format!("profiles/{}/profile.yaml", args.role);
    if loader.is_shipped(&args.role) {
        bail!("`{0}` is a shipped profile: `cfgbuild init {0}` copies it, then again", args.role);
    }
    let text = workspace.door.read_text(&name);
    let text = text.map_err(|error| anyhow::anyhow!("cannot read `{name}`: {error}"))?;
    let edited = set(&text, &["aws", "ami"], &amis).and_then(|text| set(&text, &["x-ami"], &about));
    let edited = edited.with_context(|| {
        format!("`{name}` cannot be edited in place: run again without `--write` and copy what is printed")
    })?;
    let path: PathBuf = workspace.root.join(&name);
    output::replace(&path, edited.as_bytes())?;
    let (count, version) = (release.amis.len(), shown(&release.version));
    say(&format!("{name}: `aws.ami` has the images of release {version} in {count} regions"))?;
    Ok(ExitCode::SUCCESS)
}

/// Returns where an operating system publishes its list.
fn usual(os: Option<Os>, channel: &str, arch: &str) -> anyhow::Result<String> {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if channel.is_empty() || !channel.chars().all(is_word) {
        bail!("`{channel}` is no channel");
    }
    let Some(list) = os.and_then(|os| os::table(os).images.list.as_ref()) else {
        bail!("nobody publishes images of this role's operating system: name a list with `--from`")
    };
    Ok(list.of(channel, arch))
}

fn release(list: &str, arch: &str, network: &Network) -> anyhow::Result<Release> {
    if list.starts_with("http://") || list.starts_with("https://") {
        let http = network.http(MAX_LIST, true)?;
        let waiting = network::waiting(&format!("asking {list}"));
        let found = releases::fetch(&http, list, arch).context("no AMIs");
        waiting.finish_and_clear();
        return found;
    }
    let path = Path::new(list);
    let about = std::fs::metadata(path).with_context(|| format!("cannot read `{list}`"))?;
    if !about.is_file() || about.len() > MAX_LIST as u64 {
        bail!("`{list}` is no file of a reasonable size");
    }
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{list}`"))?;
    let mut release =
        releases::read(&bytes, arch).with_context(|| format!("cannot use `{list}`"))?;
    if release.version.is_empty() {
        let beside = std::fs::read(path.with_file_name("version.txt")).unwrap_or_default();
        release.version = releases::version(&beside).unwrap_or_default();
    }
    Ok(release)
}

/// Returns the two values as flow YAML.
fn fragments(release: &Release, list: &str) -> (String, String) {
    let amis = release.amis.iter().map(|(region, ami)| format!("{region}: {ami}"));
    let date = net::now().to_rfc3339_opts(SecondsFormat::Secs, true);
    let source: String =
        list.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect();
    let version = shown(&release.version);
    (
        format!("{{ {} }}", amis.collect::<Vec<_>>().join(", ")),
        format!("{{ source: \"{source}\", version: \"{version}\", date: \"{date}\" }}"),
    )
}

fn shown(version: &str) -> &str {
    if version.is_empty() { "unknown" } else { version }
}

/// Sets a key of a profile; `None` where it does not then say exactly that.
fn set(text: &str, path: &[&str], value: &str) -> Option<String> {
    let mut sources = Sources::new();
    let file = sources.add("profile", text);
    let edit = Edit::set(path.iter().copied(), value);
    let changes = Editor::new(&sources).changes(&[edit], Some(file));
    let mut edited = text.to_owned();
    for change in changes.iter().rev() {
        let (start, end) = (change.span.start as usize, change.span.end as usize);
        text.get(start..end)?;
        edited.replace_range(start..end, &change.text);
    }
    let (is, wanted) = (parse(file, &edited).ok()?, parse(file, value).ok()?);
    let found = path.iter().try_fold(&is, |node, key| node.get(key))?;
    (pairs(found) == pairs(&wanted)).then_some(edited)
}

/// Returns the entries of a map of scalars.
fn pairs(node: &Node) -> Vec<(&str, &str)> {
    let entries = node.entries().unwrap_or_default().iter();
    entries.filter_map(|(name, node)| Some((name.value.as_str(), scalar(node)?))).collect()
}

fn scalar(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Scalar(text, _) => Some(text),
        Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    }
}

fn text<'n>(tree: &'n Node, path: &[&str]) -> Option<&'n str> {
    scalar(path.iter().try_fold(tree, |node, key| node.get(key))?)
}

/// Tells how old the profile's list is.
fn check(role: &str, written: &Node) -> anyhow::Result<ExitCode> {
    let amis = written.get("aws").and_then(|aws| aws.get("ami"));
    if amis.is_none_or(|amis| amis.entries().is_none()) {
        say(&format!("role `{role}` lists no AMIs by region: nothing can grow old"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let date = text(written, &["x-ami", "date"]);
    let when = date.and_then(|date| DateTime::parse_from_rfc3339(date).ok());
    let Some(when) = when else {
        say(&format!(
            "nothing says how old the AMIs of role `{role}` are: run `cfgbuild ami {role} --write`"
        ))?;
        return Ok(ExitCode::from(1));
    };
    let days = (net::now() - when.with_timezone(&Utc)).num_days().max(0);
    let version = text(written, &["x-ami", "version"]).unwrap_or("unknown");
    if days > OLD {
        say(&format!(
            "the AMIs of role `{role}` (release {version}) are {days} days old, and images are withdrawn \
             after nine months: run `cfgbuild ami {role} --write`"
        ))?;
        return Ok(ExitCode::from(1));
    }
    say(&format!("the AMIs of role `{role}` (release {version}) are {days} days old"))?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_are_known_by_the_instance_type() {
        for (instance_type, wanted) in [
            ("m6i.large", "x86_64"),
            ("m7g.large", "aarch64"),
            ("t4g.micro", "aarch64"),
            ("im4gn.large", "aarch64"),
            ("c6gd.xlarge", "aarch64"),
            ("g5.xlarge", "x86_64"),
            ("a1.large", "aarch64"),
            ("", "x86_64"),
        ] {
            assert_eq!(aws::processor(instance_type), wanted, "{instance_type}");
        }
    }

    #[test]
    fn only_what_was_asked_for_changes() {
        let value = "{ us-east-1: ami-01234567 }";
        for (before, after) in [
            (
                "aws: { instance_type: m6i.large }\n",
                Some("aws: { instance_type: m6i.large, ami: { us-east-1: ami-01234567 } }\n"),
            ),
            (
                "aws:\n  ami: ami-0 # old\n",
                Some("aws:\n  ami: { us-east-1: ami-01234567 } # old\n"),
            ),
            ("- list\n", None),
        ] {
            assert_eq!(set(before, &["aws", "ami"], value).as_deref(), after, "{before}");
        }
    }
}
