//! `cfgbuild token new`: asks for a token of the cluster's size.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::SecondsFormat;

use super::role::{Discovery, Formed, Protocol};
use super::values_file::Place;
use crate::cli::network::{self, Network};
use crate::cli::talk::{self, say};
use crate::cli::workspace::{Values, Workspace};
use crate::net::registry::{v2, v3};
use crate::net::{self, Http};
use crate::service::etcd::Bootstrap;
use crate::source::{Sources, Spanned};

/// Where tokens come from unless another place is named.
const PUBLIC: &str = "https://discovery.etcd.io";

/// What ends the help of the command.
const EXAMPLES: &str = "Examples:
  cfgbuild token new etcd --write
  cfgbuild token new etcd --from http://discovery.example.net:2379
  cfgbuild token new etcd --endpoints http://discovery.example.net:2379";

/// Ask for a token of the cluster's size
///
/// From discovery.etcd.io, from a discovery service or an etcd of your own (`--from`, v2), or by any etcd from 3.4 on
/// (`--endpoints`, v3). Which protocol is needed follows from the profile and the version of its etcd.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// Role whose etcd the token is for
    #[arg(value_name = "ROLE")]
    role: String,
    /// Discovery service, or etcd with the v2 API
    #[arg(long, value_name = "URL", conflicts_with = "endpoints")]
    from: Option<String>,
    /// Client URLs of the etcd that keeps v3 tokens; those of the profile where left out
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    endpoints: Vec<String>,
    /// Protocol to use; chosen by profile and version where left out
    #[arg(long, value_name = "PROTOCOL")]
    protocol: Option<Protocol>,
    /// Put the token into `cfgbuild.yaml`, below the name of the role, or into another file of values
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "cfgbuild.yaml")]
    write: Option<String>,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    values: Values,
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    let inputs = workspace.inputs(&args.values, 1)?;
    let Ok(role) = Discovery::open(&args.role, &workspace)? else { return Ok(ExitCode::from(1)) };
    let likely = role.protocol();
    let Ok(formed) = role.cluster(&inputs, likely, None)? else { return Ok(ExitCode::from(1)) };
    let protocol = protocol(args, likely, &formed)?;
    let endpoints = match protocol {
        Protocol::V2 => Vec::new(),
        Protocol::V3 => endpoints(args, &formed)?,
    };
    let place = match &args.write {
        None => None,
        Some(file) => Some(Place::find(&role, protocol, file, &workspace)?),
    };
    if args.write.is_some() && protocol == Protocol::V3 {
        fits(&endpoints, &formed)?;
    }
    // what a build would refuse is refused before a token is spent on it
    let intended = bootstrap(protocol, protocol.placeholder(), &endpoints);
    if role.cluster(&inputs, Some(protocol), Some(&intended))?.is_err() {
        return Ok(ExitCode::from(1));
    }
    let size = formed.role.nodes.len();
    let http = args.network.http(network::MAX_ANSWER, false)?;
    let from = args.from.as_deref().unwrap_or(PUBLIC);
    let value = create(&http, protocol, from, &endpoints, size)?;
    let made = bootstrap(protocol, value.clone(), &endpoints);
    if role.cluster(&inputs, Some(protocol), Some(&made))?.is_err() {
        bail!("the token that was made cannot be used: `{value}`");
    }
    if let Some(place) = place {
        place.write(&value)?;
        let (path, key) = (place.path.display(), place.key());
        say(&format!("{path}: `{key}` is `{value}`, for {size} members"))?;
        say(&next(&args.role, args.write.as_deref()))?;
        shadowed(&workspace, args, &role, &value)?;
    } else {
        talk::data(format!("{value}\n").as_bytes())?;
        say(&what_to_do(&role, protocol, &endpoints, &formed))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Chooses the protocol: said, implied by an option, by the profile's keys, or by the version of etcd.
fn protocol(args: &Args, likely: Option<Protocol>, formed: &Formed) -> anyhow::Result<Protocol> {
    let said = args.protocol.or((!args.endpoints.is_empty()).then_some(Protocol::V3));
    match (said, &args.from) {
        (Some(Protocol::V3), Some(_)) => {
            bail!("`--from` is for v2: name the etcd of v3 tokens with `--endpoints`")
        }
        (Some(Protocol::V2), None) if !args.endpoints.is_empty() => {
            bail!("`--endpoints` is for v3: name the service of v2 tokens with `--from`")
        }
        (Some(protocol), _) => return Ok(protocol),
        (None, Some(_)) => return Ok(Protocol::V2),
        (None, None) => {}
    }
    let version = formed.etcd.version();
    let is_new = version.is_some_and(|version| version.value > (3, 6));
    let by_version = if is_new { Protocol::V3 } else { Protocol::V2 };
    Ok(likely.unwrap_or(by_version))
}

fn endpoints(args: &Args, formed: &Formed) -> anyhow::Result<Vec<String>> {
    if !args.endpoints.is_empty() {
        return Ok(args.endpoints.clone());
    }
    own_endpoints(formed).context(
        "no etcd is named for v3 tokens: set `etcd.discovery_endpoints` in the profile, or use `--endpoints URL`",
    )
}

fn own_endpoints(formed: &Formed) -> Option<Vec<String>> {
    match &formed.etcd.bootstrap.value {
        Bootstrap::DiscoveryV3 { endpoints, .. } => {
            Some(endpoints.iter().map(|endpoint| endpoint.value.clone()).collect())
        }
        Bootstrap::DiscoveryV2 { .. } | Bootstrap::Static => None,
    }
}

/// Refuses to write down a token whose members would look for it elsewhere.
fn fits(endpoints: &[String], formed: &Formed) -> anyhow::Result<()> {
    let own = own_endpoints(formed).unwrap_or_default();
    if own != endpoints {
        bail!(
            "members look for their token at `{}`: set `etcd.discovery_endpoints: [{}]` in the profile first",
            own.join(","),
            endpoints.join(", ")
        );
    }
    Ok(())
}

fn bootstrap(protocol: Protocol, value: String, endpoints: &[String]) -> Bootstrap {
    match protocol {
        Protocol::V2 => Bootstrap::DiscoveryV2 { url: value },
        Protocol::V3 => {
            let given = |url: &String| Spanned::new(url.clone(), Sources::NOWHERE);
            Bootstrap::DiscoveryV3 {
                token: value,
                endpoints: endpoints.iter().map(given).collect(),
            }
        }
    }
}

fn create(
    http: &Http,
    protocol: Protocol,
    from: &str,
    endpoints: &[String],
    size: usize,
) -> anyhow::Result<String> {
    let token = net::token()?;
    let created = net::now().to_rfc3339_opts(SecondsFormat::Secs, true);
    match protocol {
        Protocol::V2 => v2::create(http, from, size, &token, &created)
            .with_context(|| format!("no token from `{from}`")),
        Protocol::V3 => {
            v3::create(http, endpoints, size, &token, &created)
                .with_context(|| format!("no token at `{}`", endpoints.join("`, `")))?;
            Ok(token)
        }
    }
}

/// Says what the next step is.
fn next(role: &str, file: Option<&str>) -> String {
    let values = match file {
        Some(file) if file != "cfgbuild.yaml" => format!(" --values {file}"),
        _ => String::new(),
    };
    format!(
        "next: `cfgbuild profile {role}{values}`, then boot all nodes: a token is for one first boot"
    )
}

/// Says what to do with a token that was only printed.
fn what_to_do(
    role: &Discovery<'_>,
    protocol: Protocol,
    endpoints: &[String],
    formed: &Formed,
) -> String {
    let (key, usual, _) = protocol.key();
    let size = formed.role.nodes.len();
    let slot = role.slot(protocol);
    let variable = slot
        .as_ref()
        .and_then(|slot| crate::profile::sole_variable(&slot.text))
        .map(|(_, name, _)| name);
    let set = match variable {
        Some(name) => {
            format!("`cfgbuild profile {} --set {name}=…`, or again with `--write`", role.name)
        }
        None => format!(
            "`etcd: {{ {key}: … }}` in the profile, best from a variable: `\"{{{{vars.{usual}}}}}\"`"
        ),
    };
    let beside = match protocol {
        Protocol::V3 if own_endpoints(formed).as_deref() != Some(endpoints) => {
            format!(" and `discovery_endpoints: [{}]`", endpoints.join(", "))
        }
        Protocol::V2 | Protocol::V3 => String::new(),
    };
    format!("a token for {size} members of `{}`: bake it in with {set}{beside}", role.name)
}

/// Says so where the next build would not take the token that was written.
fn shadowed(
    workspace: &Workspace,
    args: &Args,
    role: &Discovery<'_>,
    value: &str,
) -> anyhow::Result<()> {
    if args.write.as_deref() != Some("cfgbuild.yaml") {
        return Ok(());
    }
    let inputs = workspace.inputs(&args.values, 1)?;
    let Ok(formed) = role.cluster(&inputs, None, None)? else { return Ok(()) };
    let taken = match &formed.etcd.bootstrap.value {
        Bootstrap::DiscoveryV2 { url } => url == value,
        Bootstrap::DiscoveryV3 { token, .. } => token == value,
        Bootstrap::Static => false,
    };
    if !taken {
        say("but the next build takes another: \
             `etcd.bootstrap: static`, `--values`, `--set` or CFGBUILD_VAR_… is stronger")?;
    }
    Ok(())
}
