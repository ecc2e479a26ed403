//! `cfgbuild token status`: who has registered with a role's token, and whether it can still be used.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::role::{Discovery, Formed};
use crate::cli::network::{self, Network};
use crate::cli::talk;
use crate::cli::workspace::{Values, Workspace};
use crate::diagnostic::mask;
use crate::model::Identity;
use crate::net;
use crate::net::registry::{Registration, v2, v3};
use crate::service::etcd::Bootstrap;

/// Show who has registered with a role's token, and whether it can still be used
///
/// Asks the registry that the compiled profile names. 0: new members can come; 1: the token cannot be used, with the
/// reasons; 2: the registry gives no answer.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Role whose token to look up
    #[arg(value_name = "ROLE")]
    role: String,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Form,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    values: Values,
}

/// How a status is printed.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Form {
    /// For people
    Human,
    /// One JSON object
    Json,
}

/// A token and what is known of it.
#[derive(Debug, Serialize)]
struct Status {
    role: String,
    protocol: &'static str,
    token: String,
    /// Nodes of the role.
    nodes: usize,
    /// Members the registry waits for.
    size: Option<u64>,
    created: Option<String>,
    age_seconds: Option<i64>,
    expires: Option<String>,
    members: Vec<Member>,
    /// Why it cannot be used; empty where it can.
    problems: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Member {
    name: String,
    peers: Vec<String>,
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    let inputs = workspace.inputs(&args.values, 1)?;
    let Ok(role) = Discovery::open(&args.role, &workspace)? else { return Ok(ExitCode::from(1)) };
    let Ok(formed) = role.cluster(&inputs, None, None)? else { return Ok(ExitCode::from(1)) };
    let http = args.network.http(network::MAX_ANSWER, false)?;
    let bootstrap = &formed.etcd.bootstrap.value;
    let (protocol, token, found) = match bootstrap {
        Bootstrap::DiscoveryV2 { url } => (
            "v2",
            url.clone(),
            v2::read(&http, url).with_context(|| format!("cannot look up `{url}`"))?,
        ),
        Bootstrap::DiscoveryV3 { token, endpoints } => {
            let endpoints: Vec<String> = endpoints.iter().map(|url| url.value.clone()).collect();
            let found = v3::read(&http, &endpoints, token);
            let found = found.with_context(|| {
                format!("cannot look up `{token}` at `{}`", endpoints.join("`, `"))
            })?;
            ("v3", token.clone(), found)
        }
        Bootstrap::Static => {
            talk::say(&format!(
                "role `{0}` has no token, its members know each other by name: for one, `cfgbuild token new {0}`",
                args.role
            ))?;
            return Ok(ExitCode::from(1));
        }
    };
    let status = judge(&formed, protocol, token, found, net::now());
    let text = match args.format {
        Form::Human => status.to_text(),
        Form::Json => serde_json::to_string_pretty(&status)? + "\n",
    };
    talk::data(text.as_bytes())?;
    Ok(ExitCode::from(u8::from(!status.problems.is_empty())))
}

/// Finds everything that keeps a token from being used by the nodes of `cluster`.
fn judge(
    formed: &Formed,
    protocol: &'static str,
    token: String,
    found: Option<Registration>,
    now: DateTime<Utc>,
) -> Status {
    let nodes = formed.role.nodes.len();
    let mut problems = Vec::new();
    if found.is_none() {
        problems.push("the registry does not know it: never made, or forgotten since".to_owned());
    }
    let known = found.is_some();
    let Registration { size, created, expires, members } = found.unwrap_or_default();
    match size {
        None if known => {
            problems.push("the registry does not say for how many members it is".to_owned());
        }
        Some(size) if size != nodes as u64 => problems.push(format!(
            "it is for {size} members, the role has {nodes} nodes: {}",
            if size > nodes as u64 {
                "they would wait for ever"
            } else {
                "the last would be turned away"
            }
        )),
        None | Some(_) => {}
    }
    let mut seen = BTreeSet::new();
    for member in &members {
        if !seen.insert(member.name.as_str()) {
            problems.push(format!("`{}` has registered twice, which spoils a token", member.name));
        }
        let ours = formed.role.nodes.iter().any(|node| node.name.value == member.name);
        if !ours && formed.role.identity.value == Identity::Pinned {
            problems
                .push(format!("`{}` has registered, which is no node of this role", member.name));
        }
    }
    let come = members.len();
    if size.is_some_and(|size| come as u64 >= size) {
        problems.push(format!(
            "it is spent: {come} members have come. Nodes that keep their data need it no more, and nobody joins by it"
        ));
    }
    let when = created.as_deref().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    let age = when.map(|when| (now - when.with_timezone(&Utc)).max(TimeDelta::zero()));
    Status {
        role: formed.role.name.clone(),
        protocol,
        token,
        nodes,
        size,
        created,
        age_seconds: age.map(|age| age.num_seconds()),
        expires,
        members: members
            .into_iter()
            .map(|it| Member {
                name: clean(&it.name),
                peers: it.peers.iter().map(|peer| clean(peer)).collect(),
            })
            .collect(),
        problems,
    }
}

impl Status {
    fn to_text(&self) -> String {
        let mut text = format!("{}\n", clean(&self.token));
        let size = self.size.map_or("unknown".to_owned(), |size| size.to_string());
        let mut line = |name: &str, value: String| {
            let _infallible = writeln!(text, "  {name:<9}{}", clean(&value));
        };
        line("protocol", self.protocol.to_owned());
        line("size", format!("{size}, role `{}` has {} nodes", self.role, self.nodes));
        line(
            "made",
            match (&self.created, self.age_seconds) {
                (Some(created), Some(seconds)) => format!("{created}, {} ago", duration(seconds)),
                (Some(created), None) => created.clone(),
                (None, _) => "the registry does not say".to_owned(),
            },
        );
        if let Some(expires) = &self.expires {
            line("expires", expires.clone());
        }
        line("members", format!("{} of {size}", self.members.len()));
        for member in &self.members {
            line("", format!("{}  {}", member.name, member.peers.join(" ")));
        }
        for problem in &self.problems {
            line("cannot", format!("be used: {problem}"));
        }
        if self.problems.is_empty() {
            let missing = self.size.unwrap_or(0).saturating_sub(self.members.len() as u64);
            line(
                "usable",
                format!(
                    "waits for {missing}{}",
                    if self.members.is_empty() { "" } else { " more" }
                ),
            );
        }
        text
    }
}

/// Returns what a stranger wrote as it may be shown on a terminal: one line, and no password of a URL.
fn clean(text: &str) -> String {
    mask(&talk::clean(text)).replace('\n', "\u{FFFD}")
}

/// Returns `3 hours`, `2 days`.
fn duration(seconds: i64) -> String {
    let (number, unit) = match seconds {
        ..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn ages_read_well() {
        for (seconds, text) in [
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (7_199, "119 minutes"),
            (7_200, "2 hours"),
            (172_800, "2 days"),
            (31_536_000, "365 days"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }
}
