//! etcd discovery: whether token, protocol, version and server can go together.
//!
//! The v2 protocol is a URL that ends in the token, for etcd up to 3.6. The v3 protocol is a token and the
//! client URLs of any etcd, from 3.6. Whether the token exists and fits is asked on the network, not here.

use super::section::{Bootstrap, Etcd};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::source::{Span, Spanned};

/// The public service; it hands out tokens of 32 hex digits.
const PUBLIC: &str = "discovery.etcd.io";

/// Where an etcd keeps registries, as the path of a private v2 URL.
const REGISTRY: &str = "v2/keys/_etcd/registry/";

/// Reports what keeps discovery from working.
pub(super) fn validate(etcd: &Etcd, role: &Role, diags: &mut Diagnostics) {
    let span = etcd.bootstrap.span;
    versions(etcd, diags);
    match &etcd.bootstrap.value {
        Bootstrap::DiscoveryV2 { url } => {
            if let Some(fault) = url_fault(url) {
                diags.report(
                    Diagnostic::error(
                        "etcd-discovery-url-malformed",
                        span,
                        format!("`{url}` is not an etcd discovery URL"),
                        fault,
                    )
                    .help(format!(
                        "use the URL that `cfgbuild token new {}` prints, or remove `{}.discovery`",
                        role.name, etcd.path
                    )),
                );
            }
            not_oneself(url, etcd, role, span, diags);
        }
        Bootstrap::DiscoveryV3 { token, endpoints } => {
            const CODE: &str = "etcd-discovery-endpoints-malformed";
            let path = &etcd.path;
            if let Some(fault) = token_fault(token) {
                let title = format!("`{path}.discovery_token` is no token");
                diags.report(
                    Diagnostic::error(CODE, span, title, fault)
                        .help("write the token that the discovery service was given"),
                );
            }
            for endpoint in endpoints {
                let Spanned { value: url, span } = endpoint;
                if !is_endpoint(url) {
                    let title = format!("`{path}.discovery_endpoints` has `{url}`, no client URL");
                    let label = "an endpoint is http:// or https://, host and port";
                    diags.report(
                        Diagnostic::error(CODE, *span, title, label)
                            .help("write it as in `http://discovery.example.net:2379`"),
                    );
                }
                not_oneself(url, etcd, role, *span, diags);
            }
        }
        Bootstrap::Static => {}
    }
}

/// v2 ends with 3.6, v3 begins with it.
fn versions(etcd: &Etcd, diags: &mut Diagnostics) {
    let Some(Spanned { value: version, span }) = etcd.version() else { return };
    let (protocol, wants) = match &etcd.bootstrap.value {
        Bootstrap::DiscoveryV2 { .. } if version > (3, 6) => ("v2", "3.6 or older"),
        Bootstrap::DiscoveryV3 { .. } if version < (3, 6) => ("v3", "3.6 or newer"),
        Bootstrap::DiscoveryV2 { .. } | Bootstrap::DiscoveryV3 { .. } | Bootstrap::Static => return,
    };
    let (major, minor) = version;
    diags.report(
        Diagnostic::error(
            "etcd-discovery-protocol-mismatch",
            etcd.bootstrap.span,
            format!("etcd {major}.{minor} does not speak {protocol} discovery"),
            format!("{protocol} discovery needs etcd {wants}"),
        )
        .related(span, format!("etcd {major}.{minor} is chosen here"))
        .help(format!("use an image of etcd {wants}, or set `{}.bootstrap: static`", etcd.path)),
    );
}

/// Returns why `url` cannot be a v2 discovery URL.
fn url_fault(url: &str) -> Option<&'static str> {
    let Some((secure, rest)) = scheme(url) else {
        return Some(if url.is_empty() { "is empty" } else { "needs http:// or https://" });
    };
    let Some((authority, path)) = rest.split_once('/') else {
        return Some("ends before the token");
    };
    if let Some(fault) = token_fault(path.strip_prefix(REGISTRY).unwrap_or(path)) {
        return Some(fault);
    }
    if authority == PUBLIC && !secure {
        return Some("the public service is https only");
    }
    let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let public = path.len() == 32 && path.chars().all(digit);
    let private = authority != PUBLIC && path.starts_with(REGISTRY);
    if authority.is_empty() {
        return Some("has no host");
    }
    if public || private {
        return None;
    }
    Some(if authority == PUBLIC {
        "a public token is 32 lower-case hex digits"
    } else {
        "ends in neither /v2/keys/_etcd/registry/TOKEN nor 32 hex digits"
    })
}

/// Returns why `token` cannot be one.
fn token_fault(token: &str) -> Option<&'static str> {
    if token.is_empty() {
        return Some("has no token");
    }
    if token.contains(['<', '>', '{', '}', '$']) {
        return Some("the token is still a placeholder");
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!token.chars().all(fits)).then_some("a token is letters, digits, `-`, `_` and `.`")
}

/// Returns whether a URL is a host and nothing behind it. That there are endpoints is seen where they are read.
fn is_endpoint(url: &str) -> bool {
    scheme(url)
        .is_some_and(|(_, rest)| !rest.is_empty() && !rest.contains(['/', ',', ' ', '<', '>']))
}

/// Members that wait for a registry in the cluster they are about to form wait for ever.
fn not_oneself(url: &str, etcd: &Etcd, role: &Role, span: Span, diags: &mut Diagnostics) {
    let Some((_, rest)) = scheme(url) else { return };
    let authority = rest.split('/').next().unwrap_or(rest);
    let Some((host, port)) = authority.rsplit_once(':') else { return };
    if port != etcd.client_port.value.to_string() {
        return;
    }
    let itself = role.nodes.iter().find_map(|node| {
        let address = node.address.as_ref().filter(|address| address.value == host);
        if node.name.value == host { Some(node.name.span) } else { address.map(|it| it.span) }
    });
    let Some(node) = itself else { return };
    diags.report(
        Diagnostic::error(
            "etcd-discovery-self",
            span,
            format!("etcd would discover itself at {authority}"),
            "is a member of the cluster that is to be formed",
        )
        .related(node, "this node")
        .help(format!(
            "use an etcd outside this cluster, or set `{}.bootstrap: static`",
            etcd.path
        )),
    );
}

/// Returns whether a URL is https, and what follows its scheme.
fn scheme(url: &str) -> Option<(bool, &str)> {
    url.strip_prefix("https://")
        .map(|rest| (true, rest))
        .or_else(|| url.strip_prefix("http://").map(|rest| (false, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::sample;

    const HEX: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn urls() {
        for good in [
            format!("https://{PUBLIC}/{HEX}"),
            format!("http://10.0.0.9:8087/{HEX}"),
            "http://disc.internal:2379/v2/keys/_etcd/registry/kafka-2026".to_owned(),
        ] {
            assert_eq!(url_fault(&good), None, "{good}");
        }
        for (bad, fault) in [
            (String::new(), "is empty"),
            (format!("http://{PUBLIC}/{HEX}"), "the public service is https only"),
            (format!("https://{PUBLIC}/"), "has no token"),
            (format!("https://{PUBLIC}"), "ends before the token"),
            (format!("https://{PUBLIC}/<token>"), "the token is still a placeholder"),
            (
                format!("https://{PUBLIC}/{}", HEX.to_uppercase()),
                "a public token is 32 lower-case hex digits",
            ),
            (format!("ftp://host/{HEX}"), "needs http:// or https://"),
            (format!("http:///{HEX}"), "has no host"),
            (
                "http://host:2379/kafka".to_owned(),
                "ends in neither /v2/keys/_etcd/registry/TOKEN nor 32 hex digits",
            ),
            (
                "http://host:2379/v2/keys/_etcd/registry/a/b".to_owned(),
                "a token is letters, digits, `-`, `_` and `.`",
            ),
        ] {
            assert_eq!(url_fault(&bad), Some(fault), "{bad}");
        }
    }

    #[test]
    fn findings() {
        let v2 = |url: &str| Bootstrap::DiscoveryV2 { url: url.to_owned() };
        let v3 = |endpoint: &str| Bootstrap::DiscoveryV3 {
            token: "t".to_owned(),
            endpoints: vec![sample::at(endpoint.to_owned())],
        };
        let public = format!("https://{PUBLIC}/{HEX}");
        let own = "http://kafka-1.kafka.internal:2379";
        for (image, bootstrap, codes) in [
            ("quay.io/coreos/etcd:v3.6.14", v2(&public), &[][..]),
            ("quay.io/coreos/etcd:v3.7.1", v2(&public), &["etcd-discovery-protocol-mismatch"]),
            (
                "quay.io/coreos/etcd:v3.5.33",
                v3("http://d:2379"),
                &["etcd-discovery-protocol-mismatch"],
            ),
            ("quay.io/coreos/etcd:v3.7.1", v3("http://d:2379"), &[]),
            ("quay.io/coreos/etcd:v3.7.1", v3("d:2379"), &["etcd-discovery-endpoints-malformed"]),
            ("quay.io/coreos/etcd:v3.7.1", v3(own), &["etcd-discovery-self"]),
            ("quay.io/coreos/etcd:v3.5.1", v2(&format!("{own}/{HEX}")), &["etcd-discovery-self"]),
        ] {
            let mut role = sample::role(3);
            let mut etcd = sample::etcd(bootstrap);
            etcd.image = sample::image(image);
            role.etcd = Some(etcd);
            assert_eq!(sample::codes(&role), codes, "{image}");
        }
    }
}
