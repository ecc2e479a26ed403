//! The v2 protocol: a token is a URL. Served by etcd up to 3.5 with `--enable-v2`, and by front ends such as
//! discovery.etcd.io (<https://etcd.io/docs/v2.3/discovery_protocol/>).

use anyhow::{anyhow, bail};
use serde::Deserialize;

use super::{Registered, Registration, no_registry};
use crate::net::http::{Answer, Body, Http};

/// Where an etcd keeps registries.
const REGISTRY: &str = "v2/keys/_etcd/registry";
/// etcd's number for a key that is not there.
const KEY_NOT_FOUND: u32 = 100;

#[derive(Deserialize)]
struct Version {
    etcdserver: String,
}

#[derive(Deserialize)]
struct Reply {
    node: Node,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    #[serde(default)]
    value: String,
    expiration: Option<String>,
    #[serde(default)]
    created_index: u64,
    #[serde(default)]
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fault {
    error_code: u32,
}

/// Makes a token for `size` members at an etcd or at a front end, whichever `from` is, and returns its URL.
///
/// An etcd takes `token` and `created`; a front end makes a token of its own.
pub fn create(
    http: &Http,
    from: &str,
    size: usize,
    token: &str,
    created: &str,
) -> anyhow::Result<String> {
    let base = from.trim_end_matches('/');
    // A front end may know no path but its own: only what says that it is an etcd is one.
    let version = http.send(&format!("{base}/version"), Body::None)?;
    let Some(Version { etcdserver }) = parse(&version) else {
        return ask(http, base, size);
    };
    let url = format!("{base}/{REGISTRY}/{token}");
    for (key, value) in [("created", created), ("size", size.to_string().as_str())] {
        let form: String = format!("value={value}").replace(':', "%3A").replace('+', "%2B");
        let answer = http.send(&format!("{url}/_config/{key}"), Body::Form(&form))?;
        if parse::<Reply>(&answer).is_none() {
            return Err(no_v2(&answer, &etcdserver));
        }
    }
    Ok(url)
}

/// Asks a front end for a token.
fn ask(http: &Http, base: &str, size: usize) -> anyhow::Result<String> {
    let new = if base.ends_with("/new") { base.to_owned() } else { format!("{base}/new") };
    let answer = http.send(&format!("{new}?size={size}"), Body::None)?;
    let text = String::from_utf8_lossy(&answer.body);
    let url = text.trim();
    let is_url = url.starts_with("https://") || url.starts_with("http://");
    if !answer.is_ok() || answer.is_page || !is_url || url.contains(char::is_whitespace) {
        return Err(no_registry(&answer, "a discovery service"));
    }
    if base.starts_with("https://") && !url.starts_with("https://") {
        bail!("`{}` hands out a token without https: `{url}`", answer.url);
    }
    Ok(url.to_owned())
}

/// Reads the registry behind a discovery URL; `None` where it knows no such token.
pub fn read(http: &Http, url: &str) -> anyhow::Result<Option<Registration>> {
    let answer = http.send(&format!("{url}/_config/size"), Body::None)?;
    let size = match parse::<Reply>(&answer) {
        Some(reply) => reply.node,
        None if is_unknown(&answer) => return Ok(None),
        None => return Err(not_v2(&answer)),
    };
    let answer = http.send(&format!("{url}?sorted=true"), Body::None)?;
    let Some(Reply { node: folder }) = parse(&answer) else { return Err(not_v2(&answer)) };
    let created = http.send(&format!("{url}/_config/created"), Body::None)?;
    let mut nodes = folder.nodes;
    nodes.sort_by_key(|node| node.created_index);
    Ok(Some(Registration {
        size: size.value.trim().parse().ok(),
        created: parse::<Reply>(&created).map(|reply| reply.node.value),
        expires: folder.expiration.or(size.expiration),
        members: nodes.iter().map(|node| Registered::read(&node.value)).collect(),
    }))
}

fn parse<'a, T: Deserialize<'a>>(answer: &'a Answer) -> Option<T> {
    serde_json::from_slice(&answer.body).ok().filter(|_| answer.is_ok())
}

/// Tells whether a registry answers that it does not know the token, in etcd's words or in a front end's.
fn is_unknown(answer: &Answer) -> bool {
    let fault: Option<Fault> = serde_json::from_slice(&answer.body).ok();
    let says_so = fault.is_some_and(|fault| fault.error_code == KEY_NOT_FOUND);
    let front_end = !answer.is_page && !answer.url.contains(REGISTRY);
    answer.status == 404 && (says_so || front_end)
}

fn not_v2(answer: &Answer) -> anyhow::Error {
    if answer.status == 404 && answer.url.contains(REGISTRY) {
        return no_v2(answer, "");
    }
    no_registry(answer, "a discovery registry")
}

/// An etcd whose v2 store is off answers every key with "404 page not found".
fn no_v2(answer: &Answer, version: &str) -> anyhow::Error {
    if answer.status != 404 {
        return no_registry(answer, "an etcd with the v2 API");
    }
    let version = if version.is_empty() { String::new() } else { format!(" {version}") };
    anyhow!(
        "the etcd{version} at `{}` does not serve the v2 API: start it with `--enable-v2` (3.5 or older; 3.6 cannot), \
         or use `--protocol v3`",
        answer.url
    )
}
