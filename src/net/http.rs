//! HTTP with bounds: how long, how often, how much, and where to.
//!
//! Proxies come from the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`). A status is the caller's to judge; what
//! is an error here is that no usable answer came.

use std::error::Error as _;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use reqwest::redirect::Policy;
use reqwest::{Method, Url};
use tokio::runtime::Runtime;

use super::redact::shown;
use super::{FIRST_WAIT, TRIES};

/// Most redirects that are followed, where any are.
const MAX_REDIRECTS: usize = 3;
/// Least time a connection gets; more is of no use where a name server answers at all.
const CONNECT: Duration = Duration::from_secs(5);

/// A client.
#[derive(Debug)]
pub struct Http {
    runtime: Runtime,
    client: reqwest::Client,
    timeout: Duration,
    max_body: usize,
    /// Why no certificate can be checked, where none can.
    no_roots: Option<String>,
}

/// What a request carries.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// Nothing: a GET.
    None,
    /// An HTML form, with PUT.
    Form(&'a str),
    /// JSON, with POST.
    Json(&'a serde_json::Value),
}

/// An answer, of whatever status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Where it came from, without a password.
    pub url: String,
    pub status: u16,
    /// Whether it says of itself, or looks like, a web page.
    pub is_page: bool,
    /// Where a redirect points.
    pub location: Option<String>,
    /// What it holds.
    pub body: Vec<u8>,
}

impl Answer {
    /// Tells whether the status is one of success.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns the body as text, for people: one line, cut.
    pub fn excerpt(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let line: String = text.lines().next().unwrap_or("").chars().take(120).collect();
        line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}

impl Http {
    /// Returns a client whose requests take at most `timeout` each and whose answers at most `max_body` bytes.
    ///
    /// Redirects are followed only where `redirects` says so, a few of them, and never from https to http.
    pub fn new(timeout: Duration, max_body: usize, redirects: bool) -> anyhow::Result<Self> {
        let runtime = super::runtime()?;
        #[expect(clippy::disallowed_methods, reason = "this is the room that opens connections")]
        let builder = || {
            reqwest::Client::builder()
                .user_agent(concat!("cfgbuild/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(CONNECT.min(timeout))
                .timeout(timeout)
                .redirect(if redirects { Policy::custom(follow) } else { Policy::none() })
        };
        let (client, no_roots) = match builder().build() {
            Ok(client) => (client, None),
            // A system without certificates can still speak http.
            Err(error) => {
                let client = builder().tls_certs_only([]).build();
                (client.context("cannot set up HTTP")?, Some(deepest(&error)))
            }
        };
        Ok(Self { runtime, client, timeout, max_body, no_roots })
    }

    /// Sends a request until an answer comes that is worth having, or the tries are used up.
    pub fn send(&self, url: &str, body: Body<'_>) -> anyhow::Result<Answer> {
        let url: Url = url.parse().with_context(|| format!("`{url}` is not a URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            bail!("`{}` is neither http nor https", shown(&url));
        }
        if let (Some(why), "https") = (&self.no_roots, url.scheme()) {
            bail!(
                "cannot check the certificate of `{}`: {why}; \
                 install `ca-certificates`, or name a file in SSL_CERT_FILE",
                shown(&url)
            );
        }
        self.runtime.block_on(self.retry(&url, body))
    }

    async fn retry(&self, url: &Url, body: Body<'_>) -> anyhow::Result<Answer> {
        let mut wait = FIRST_WAIT;
        let began = tokio::time::Instant::now();
        for left in (0..TRIES).rev() {
            let again = match self.once(url, body).await {
                Ok(answer) if matches!(answer.status, 429 | 500 | 502 | 503 | 504) => Ok(answer),
                Ok(answer) => return Ok(answer),
                Err(Failed::Transient(error)) => Err(error),
                Err(Failed::Final(error)) => return Err(error),
            };
            // one that is silent for as long as it may be is not asked again and again
            if left == 0 || began.elapsed() >= self.timeout {
                return again;
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        unreachable!("the last try returns")
    }

    async fn once(&self, url: &Url, body: Body<'_>) -> Result<Answer, Failed> {
        let request = match body {
            Body::None => self.client.get(url.clone()),
            Body::Form(form) => self
                .client
                .request(Method::PUT, url.clone())
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form.to_owned()),
            Body::Json(json) => self
                .client
                .post(url.clone())
                .header("content-type", "application/json")
                .body(json.to_string()),
        };
        let mut response = request.send().await.map_err(|error| self.explain(url, &error))?;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let kind = header("content-type").unwrap_or("").to_ascii_lowercase();
        let location = header("location").map(str::to_owned);
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        loop {
            let chunk = response.chunk().await.map_err(|error| self.explain(url, &error))?;
            let Some(chunk) = chunk else { break };
            if bytes.len() + chunk.len() > self.max_body {
                return Err(Failed::Final(anyhow!(
                    "`{}` answers with more than {} bytes",
                    shown(url),
                    self.max_body
                )));
            }
            bytes.extend_from_slice(&chunk);
        }
        let is_page = kind.starts_with("text/html") || bytes.trim_ascii_start().starts_with(b"<");
        Ok(Answer { url: shown(url), status, is_page, location, body: bytes })
    }

    /// Says what failed in the words of the one who is to mend it.
    fn explain(&self, url: &Url, error: &reqwest::Error) -> Failed {
        let (name, host) = (shown(url), url.host_str().unwrap_or_default());
        let port = url.port_or_known_default().unwrap_or_default();
        let cause = deepest(error);
        if error.is_redirect() {
            return Failed::Final(anyhow!("`{name}` is redirected where nobody follows: {cause}"));
        }
        if let Some(tls) = find::<rustls::Error>(error) {
            return Failed::Final(tls_failure(&name, tls));
        }
        if error.is_timeout() {
            let seconds = self.timeout.as_secs_f64();
            return Failed::Transient(anyhow!("`{name}` gives no answer within {seconds} s"));
        }
        let lower = chain(error).to_ascii_lowercase();
        if lower.contains("dns error") || lower.contains("failed to lookup address") {
            return Failed::Transient(anyhow!("no name server knows `{host}`: {cause}"));
        }
        if let Some(io) = find::<std::io::Error>(error)
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            return Failed::Transient(anyhow!(
                "nothing listens at port {port} of `{host}`: connection refused"
            ));
        }
        if lower.contains("tls handshake eof") {
            return Failed::Transient(anyhow!(
                "`{name}` hangs up during the TLS handshake; does it speak http?"
            ));
        }
        if error.is_connect() {
            return Failed::Transient(anyhow!("cannot reach `{name}`: {cause}"));
        }
        Failed::Transient(anyhow!("`{name}` breaks off: {cause}"))
    }
}

/// Why one try failed.
enum Failed {
    /// Another try may succeed.
    Transient(anyhow::Error),
    /// It will not get better.
    Final(anyhow::Error),
}

fn tls_failure(name: &str, error: &rustls::Error) -> anyhow::Error {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the library has many, and may add more")]
    let help = match error {
        rustls::Error::InvalidCertificate(_) => {
            "; where its authority is your own, name its certificate in SSL_CERT_FILE"
        }
        rustls::Error::InvalidMessage(_) => "; does it speak http?",
        _ => "",
    };
    anyhow!("no secure connection to `{name}`: {error}{help}")
}

/// Follows a few redirects, none of them to less security.
fn follow(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    let was_secure = attempt.previous().last().is_some_and(|url| url.scheme() == "https");
    if attempt.previous().len() > MAX_REDIRECTS {
        return attempt.error("too many redirects");
    }
    if was_secure && attempt.url().scheme() != "https" {
        return attempt.error("a redirect from https to http");
    }
    let same = attempt.previous().last().is_some_and(|url| url.host() == attempt.url().host());
    if !same && is_inside(attempt.url()) {
        return attempt.error("a redirect to an address that only this machine or its network has");
    }
    attempt.follow()
}

/// Returns whether a URL names an address that a server elsewhere has no business with: the metadata service of a
/// cloud, this machine, or its network.
fn is_inside(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).trim_end_matches('.');
    let is_v4 = |ip: Ipv4Addr| {
        ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()
    };
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => is_v4(ip),
        Ok(IpAddr::V6(ip)) => {
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
                || ip.to_ipv4().is_some_and(is_v4)
        }
        Err(_) => {
            let host = host.to_ascii_lowercase();
            let is_below = |domain: &str| {
                host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            ["localhost", "internal", "local"].into_iter().any(is_below)
        }
    }
}

/// Returns the innermost cause.
fn deepest(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut said = error.to_string();
    while let Some(inner) = cause {
        said = inner.to_string();
        cause = inner.source();
    }
    said
}

/// Returns all causes.
fn chain(error: &reqwest::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        said = format!("{said}: {inner}");
        cause = inner.source();
    }
    said
}

/// Returns the innermost cause of a type, also where it hides in an `io::Error`, whose `source` leaves it out.
fn find<E: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut found = None;
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(inner) = cause {
        found = inner.downcast_ref().or(found);
        let carried = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = match carried {
            Some(carried) => Some(carried),
            None => inner.source(),
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn addresses_that_no_stranger_redirects_to() {
        for (url, inside) in [
            ("http://169.254.169.254/latest", true),
            ("http://2852039166/", true),
            ("http://0xa9fea9fe/", true),
            ("http://[fd00:ec2::254]/", true),
            ("http://[::ffff:169.254.169.254]/", true),
            ("http://127.0.0.1:80/", true),
            ("http://[::1]/", true),
            ("http://10.0.0.1/", true),
            ("http://localhost/", true),
            ("http://metadata.google.internal./", true),
            ("https://stable.release.flatcar-linux.net/", false),
            ("https://1.1.1.1/", false),
            ("https://notlocal/", false),
        ] {
            assert_eq!(is_inside(&url.parse().expect("is a URL")), inside, "{url}");
        }
    }
}
