//! The section of an etcd: what a profile says of it, valid by itself.

use super::super::container::Additions;
use super::super::kind::Seen;
use super::super::seat::Seat;
use super::super::written::{Settings, Written, version_of};
use super::contract::VERSIONED;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Image;
use crate::profile::read;
use crate::source::{Span, Spanned};

/// An etcd member on every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etcd {
    /// Name of the instance, of its container and of its unit.
    pub name: String,
    /// Where the section is in the profile.
    pub path: String,
    /// Where the section is written.
    pub span: Span,
    pub image: Spanned<Image>,
    /// Its version, where the profile says it.
    pub said_version: Option<Spanned<(u32, u32)>>,
    /// How the members find each other the first time.
    pub bootstrap: Spanned<Bootstrap>,
    /// Volume of its data; the root disk where `None`.
    pub volume: Option<Spanned<String>>,
    pub client_port: Spanned<u16>,
    pub peer_port: Spanned<u16>,
    /// Its seat among the members.
    pub seat: Seat,
    /// Further flags without `--`, by name.
    pub config: Settings,
    /// What the profile adds to its container.
    pub additions: Additions,
}

impl Etcd {
    /// Returns its version, where that is known.
    pub fn version(&self) -> Option<Spanned<(u32, u32)>> {
        version_of(self.said_version.as_ref(), &self.image, VERSIONED)
    }

    /// Returns the service that a check looks at, as what it is.
    pub(super) fn of<'a>(seen: &Seen<'a>) -> Option<&'a Self> {
        seen.service.as_any().downcast_ref()
    }
}

/// How etcd members find each other the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bootstrap {
    /// The v2 protocol: a token as a URL, etcd up to 3.6.
    DiscoveryV2 {
        /// Full URL with the token.
        url: String,
    },
    /// The v3 protocol: a token and endpoints, etcd from 3.6.
    DiscoveryV3 {
        token: String,
        /// Client URLs of the etcd that serves it.
        endpoints: Vec<Spanned<String>>,
    },
    /// The list of members, baked in.
    Static,
}

pub(super) fn read(written: &Written<'_>, diags: &mut Diagnostics) -> Option<Etcd> {
    let section = written.value;
    let bootstrap = bootstrap(written, diags);
    let volume = written.volume("volume", diags);
    Some(Etcd {
        name: written.name.value.clone(),
        path: written.path.to_owned(),
        span: written.span(),
        image: written.image(None, diags)?,
        said_version: written.version(),
        bootstrap: bootstrap?,
        volume,
        client_port: read::number_at(section, "client_port")?,
        peer_port: read::number_at(section, "peer_port")?,
        seat: Seat::read(section)?,
        config: written.settings(),
        additions: Additions::read(section, written.path, diags),
    })
}

fn bootstrap(written: &Written<'_>, diags: &mut Diagnostics) -> Option<Spanned<Bootstrap>> {
    let (section, path) = (written.value, written.path);
    let said = section.get("bootstrap")?;
    let url = read::text_at(section, "discovery").filter(|url| !url.value.is_empty());
    let token = read::text_at(section, "discovery_token").filter(|token| !token.value.is_empty());
    let endpoints = read::texts_at(section, "discovery_endpoints");
    let v3 =
        token.as_ref().map(|token| token.span).or(endpoints.first().map(|endpoint| endpoint.span));
    if let (Some(url), Some(v3)) = (&url, v3) {
        const TITLE: &str = "a v2 discovery URL and a v3 token exclude each other";
        diags.report(
            Diagnostic::error("key-conflict", url.span, TITLE, "the v2 URL")
                .related(v3, "the v3 token or endpoints")
                .help(
                    "keep `discovery` for etcd up to 3.6, \
                     or `discovery_token` and `discovery_endpoints` from 3.6 on",
                ),
        );
        return None;
    }
    if token.is_some() == endpoints.is_empty()
        && let Some(place) = v3
    {
        let (there, needed, example) = match &token {
            Some(_) => (
                "discovery_token",
                "discovery_endpoints",
                "[\"http://discovery.example.net:2379\"]",
            ),
            None => ("discovery_endpoints", "discovery_token", "TOKEN"),
        };
        let title = format!("`{path}.{there}` needs `{path}.{needed}` beside it");
        diags.report(
            Diagnostic::error("missing-key", place, title, "means nothing alone")
                .help(format!("add `{needed}: {example}`")),
        );
        return None;
    }
    let found = match (url, token) {
        (Some(url), _) => Some(url.map(|url| Bootstrap::DiscoveryV2 { url })),
        (None, Some(token)) => Some(token.map(|token| Bootstrap::DiscoveryV3 { token, endpoints })),
        (None, None) => None,
    };
    match (said.text()?, found) {
        ("static", _) | ("auto", None) => Some(Spanned::new(Bootstrap::Static, said.span)),
        (_, Some(found)) => Some(found),
        (_, None) => {
            let title = format!("`{path}.bootstrap` is `discovery`, but there is no token");
            diags.report(
                Diagnostic::error("missing-key", said.span, title, "needs a token").help(format!(
                    "set `{path}.discovery` to a discovery URL, or `{path}.bootstrap` to `auto` or `static`"
                )),
            );
            None
        }
    }
}
