//! The section `registry` → the registry machines pull from.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Image, Login, Registry};
use crate::profile::read;
use crate::profile::{Scalar, Value};
use crate::source::Spanned;

/// Reads the registry; there is none where no mirror is named, or an empty one.
pub(super) fn registry(tree: &Value, diags: &mut Diagnostics) -> Option<Registry> {
    let section = tree.get("registry")?;
    let insecure = read::bool_at(section, "insecure").filter(|insecure| insecure.value);
    let ca = filled(section, "ca");
    let auth = filled(section, "auth");
    let Some(written) = filled(section, "mirror") else {
        let told = [
            ("insecure", insecure.as_ref().map(|insecure| insecure.span)),
            ("ca", ca.as_ref().map(|ca| ca.span)),
            ("auth", auth.as_ref().map(|auth| auth.span)),
        ];
        if let Some((key, span)) = told.into_iter().find_map(|(key, span)| Some((key, span?))) {
            let title = format!("`registry.{key}` needs `registry.mirror` beside it");
            diags.report(
                Diagnostic::error("missing-key", span, title, "means nothing alone")
                    .help("add `mirror: registry.example.net:5000`"),
            );
        }
        return None;
    };
    if let (Some(insecure), Some(ca)) = (&insecure, &ca) {
        diags.report(
            Diagnostic::error(
                "key-conflict",
                ca.span,
                "a registry that speaks plain http shows no certificate",
                "nothing is signed by it",
            )
            .related(insecure.span, "plain http")
            .help("remove `registry.ca`, or `registry.insecure`"),
        );
    }
    let (mirror, prefixes) = (mirror(&written, diags), prefixes(section, diags));
    let ca = ca.filter(|ca| is_certificate(ca, diags));
    let auth = auth.and_then(|auth| login(section, auth, diags));
    let (host, path) = mirror?;
    Some(Registry { host, path, prefixes, insecure: insecure.is_some(), ca, auth })
}

/// Returns the text of a key that is set to something.
fn filled(section: &Value, key: &str) -> Option<Spanned<String>> {
    read::text_at(section, key).filter(|text| !text.value.is_empty())
}

/// Splits `HOST[:PORT][/PATH]`.
fn mirror(written: &Spanned<String>, diags: &mut Diagnostics) -> Option<(Spanned<String>, String)> {
    let text = written.value.as_str();
    let (host, path) = text.split_once('/').unwrap_or((text, ""));
    // The runtime takes a first part without dot and port for a user of Docker Hub.
    let named = host.contains(['.', ':']) || host == "localhost";
    let fits = |path: &str| {
        let name = if path.is_empty() { "a" } else { path };
        Image::parse(&format!("{host}/{name}"))
            .is_some_and(|image| image.tag.is_none() && image.digest.is_none())
    };
    if named && fits(path) {
        return Some((Spanned::new(host.to_owned(), written.span), path.to_owned()));
    }
    let bare = text.trim_start_matches("https://").trim_start_matches("http://");
    let bare = bare.trim_end_matches('/');
    let (label, help) = if text.starts_with("http://") {
        ("a reference has no scheme", format!("write `mirror: {bare}` and `insecure: true`"))
    } else if bare != text {
        ("a reference has neither scheme nor final slash", format!("write `mirror: {bare}`"))
    } else if named {
        (
            "no reference can begin like this",
            "write it as in `registry.example.net:5000/mirror`, all in lower case, without a tag"
                .to_owned(),
        )
    } else {
        (
            "would be a user of Docker Hub",
            format!("put the registry's host before it: `registry.example.net:5000/{text}`"),
        )
    };
    let title = format!("registry mirror `{text}` is not HOST[:PORT][/PATH]");
    diags.report(
        Diagnostic::error("registry-mirror-malformed", written.span, title, label).help(help),
    );
    None
}

fn prefixes(section: &Value, diags: &mut Diagnostics) -> Vec<(Spanned<String>, Spanned<String>)> {
    let mut found = Vec::new();
    for (host, value) in read::entries_at(section, "prefixes") {
        let Some(prefix) = read::text(value) else { continue };
        if !prefix.value.is_empty()
            && Image::parse(&format!("a.b/{}", prefix.value))
                .is_none_or(|image| image.tag.is_some())
        {
            let title = format!(
                "prefix `{}` of `{}` cannot stand in a reference",
                prefix.value, host.value
            );
            diags.report(
                Diagnostic::error("registry-mirror-malformed", prefix.span, title, "not a path")
                    .help("write it as in `docker-hub`: lower case, no slash at either end"),
            );
        }
        found.push((host.clone(), prefix));
    }
    found
}

/// Tells whether a text is a certificate and nothing that must stay secret.
fn is_certificate(ca: &Spanned<String>, diags: &mut Diagnostics) -> bool {
    let text = ca.value.trim();
    let whole = text.starts_with("-----BEGIN CERTIFICATE-----")
        && text.ends_with("-----END CERTIFICATE-----")
        && !text.contains("PRIVATE KEY");
    if !whole {
        diags.report(
            Diagnostic::error(
                "registry-ca-malformed",
                ca.span,
                "`registry.ca` is no certificate in PEM",
                "the runtime would trust nothing",
            )
            .help("paste the file that begins with `-----BEGIN CERTIFICATE-----`, as a block: `ca: |`"),
        );
    }
    whole
}

fn login(
    section: &Value,
    auth: Spanned<String>,
    diags: &mut Diagnostics,
) -> Option<Spanned<Login>> {
    let secret = section.get("auth").and_then(Value::scalar).is_some_and(Scalar::is_secret);
    let decoded = BASE64.decode(&auth.value).ok();
    let pair = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    if pair.is_some_and(|pair| pair.split_once(':').is_some_and(|(user, _)| !user.is_empty())) {
        return Some(auth.map(|encoded| Login { encoded, secret }));
    }
    // the text is not shown: it is a password, in whatever form
    diags.report(
        Diagnostic::error(
            "registry-auth-malformed",
            auth.span,
            "`registry.auth` is not the base64 of USER:PASSWORD",
            "the registry would refuse it",
        )
        .help(
            "make it with `printf %s USER:PASSWORD | base64 --wrap=0`, \
             as in `auths.HOST.auth` of docker's config.json",
        ),
    );
    None
}
