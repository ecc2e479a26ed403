//! The v3 protocol: a token and the client URLs of any etcd from 3.4 on, spoken through etcd's JSON gateway
//! (<https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/>).

use anyhow::{anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Registered, Registration, no_registry};
use crate::net::http::{Answer, Body, Http};

/// Where an etcd keeps registries.
const REGISTRY: &str = "/_etcd/registry";

#[derive(Default, Deserialize)]
struct Range {
    #[serde(default)]
    kvs: Vec<Pair>,
}

/// Numbers of 64 bits come as text.
#[derive(Deserialize)]
struct Pair {
    key: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    create_revision: String,
}

/// What the gateway says of a refusal: `error` until 3.5, `message` from then on, both in between.
#[derive(Deserialize)]
struct Fault {
    message: Option<String>,
    error: Option<String>,
}

/// Writes a token for `size` members, at the first endpoint that answers.
pub fn create(
    http: &Http,
    endpoints: &[String],
    size: usize,
    token: &str,
    created: &str,
) -> anyhow::Result<()> {
    let put = |key: &str, value: &str| {
        let key = BASE64.encode(format!("{REGISTRY}/{token}/_config/{key}"));
        json!({ "requestPut": { "key": key, "value": BASE64.encode(value) } })
    };
    // Both or neither: a token without its size keeps members waiting.
    let transaction =
        json!({ "success": [put("size", &size.to_string()), put("created", created)] });
    let done: Json = call(http, endpoints, "txn", &transaction)?;
    if done.get("succeeded").and_then(Json::as_bool) != Some(true) {
        bail!("the etcd did not write the token");
    }
    Ok(())
}

/// Reads the registry of a token; `None` where there is none.
pub fn read(
    http: &Http,
    endpoints: &[String],
    token: &str,
) -> anyhow::Result<Option<Registration>> {
    let prefix = format!("{REGISTRY}/{token}/");
    // the first key that no longer begins with the prefix: `/` and one
    let end = format!("{REGISTRY}/{token}0");
    let range = json!({ "key": BASE64.encode(&prefix), "range_end": BASE64.encode(end) });
    let Range { kvs } = call(http, endpoints, "range", &range)?;
    let mut found = Registration::default();
    let mut members: Vec<(u64, Registered)> = Vec::new();
    for pair in &kvs {
        let (Some(key), Some(value)) = (text(&pair.key), text(&pair.value)) else { continue };
        match key.strip_prefix(&prefix) {
            Some("_config/size") => found.size = value.trim().parse().ok(),
            Some("_config/created") => found.created = Some(value),
            Some(key) if key.starts_with("members/") => {
                let revision = pair.create_revision.parse().unwrap_or(u64::MAX);
                members.push((revision, Registered::read(&value)));
            }
            Some(_) | None => {}
        }
    }
    members.sort_by_key(|(revision, _)| *revision);
    found.members = members.into_iter().map(|(_, member)| member).collect();
    Ok((!kvs.is_empty()).then_some(found))
}

fn text(encoded: &str) -> Option<String> {
    String::from_utf8(BASE64.decode(encoded).ok()?).ok()
}

/// Calls the endpoints in turn until one can be reached; what it answers counts.
fn call<T: for<'a> Deserialize<'a>>(
    http: &Http,
    endpoints: &[String],
    method: &str,
    request: &Json,
) -> anyhow::Result<T> {
    let mut failed = anyhow!("no endpoint is named");
    for endpoint in endpoints {
        let url = format!("{}/v3/kv/{method}", endpoint.trim_end_matches('/'));
        match http.send(&url, Body::Json(request)) {
            Ok(answer) if matches!(answer.status, 502..=504) => failed = not_v3(&answer),
            Ok(answer) => return understand(&answer),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

fn understand<T: for<'a> Deserialize<'a>>(answer: &Answer) -> anyhow::Result<T> {
    let json: Option<Json> = serde_json::from_slice(&answer.body).ok();
    // Every answer of the gateway has a header; a stranger's JSON has not.
    match json {
        Some(json) if answer.is_ok() && json.get("header").is_some() => {
            Ok(serde_json::from_value(json)?)
        }
        _ => Err(not_v3(answer)),
    }
}

fn not_v3(answer: &Answer) -> anyhow::Error {
    let fault: Option<Fault> = serde_json::from_slice(&answer.body).ok();
    let message = fault.and_then(|fault| fault.message.or(fault.error)).filter(|_| !answer.is_ok());
    match message {
        Some(message) => {
            anyhow!("the etcd at `{}` refuses ({}): {message}", answer.url, answer.status)
        }
        None if answer.status == 404 && !answer.is_page => {
            anyhow!("`{}` is no etcd from 3.4 on: its v3 API is not there (404)", answer.url)
        }
        None => no_registry(answer, "an etcd with the v3 API"),
    }
}
