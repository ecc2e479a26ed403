//! Release lists: which image of an operating system is which AMI in which region.
//!
//! As Flatcar publishes them (`flatcar_production_ami_all.json`, beside a `version.txt`) and Fedora CoreOS does
//! (<https://docs.fedoraproject.org/en-US/fedora-coreos/stream-metadata/>).

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use serde::Deserialize;

use super::http::{Answer, Body, Http};

/// Images of one release, by region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// Its version; empty where the list does not say.
    pub version: String,
    /// AMI by region.
    pub amis: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Flatcar {
    amis: Vec<FlatcarAmi>,
}

#[derive(Deserialize)]
struct FlatcarAmi {
    name: String,
    hvm: String,
}

#[derive(Deserialize)]
struct Stream {
    architectures: BTreeMap<String, Architecture>,
}

#[derive(Deserialize)]
struct Architecture {
    images: Images,
}

#[derive(Deserialize)]
struct Images {
    aws: Option<Aws>,
}

#[derive(Deserialize)]
struct Aws {
    regions: BTreeMap<String, FedoraAmi>,
}

#[derive(Deserialize)]
struct FedoraAmi {
    release: String,
    image: String,
}

/// Reads a list, whichever of the two it is; `arch` as Fedora says it: `x86_64`, `aarch64`.
pub fn read(list: &[u8], arch: &str) -> anyhow::Result<Release> {
    let release = if let Ok(list) = serde_json::from_slice::<Flatcar>(list) {
        let amis = list.amis.into_iter().map(|ami| (ami.name, ami.hvm));
        Release { version: String::new(), amis: amis.collect() }
    } else if let Ok(mut stream) = serde_json::from_slice::<Stream>(list) {
        let known = stream.architectures.keys().cloned().collect::<Vec<_>>().join(", ");
        let images = stream.architectures.remove(arch);
        let images = images.with_context(|| format!("the list has no `{arch}`: it has {known}"))?;
        let regions = images.images.aws.map(|aws| aws.regions).unwrap_or_default();
        let version = regions.values().next().map(|ami| ami.release.clone()).unwrap_or_default();
        Release {
            version,
            amis: regions.into_iter().map(|(name, ami)| (name, ami.image)).collect(),
        }
    } else {
        bail!(
            "it is neither Flatcar's `flatcar_production_ami_all.json` nor a stream of Fedora CoreOS"
        );
    };
    if release.amis.is_empty() {
        bail!("it lists no AMI");
    }
    for (region, ami) in &release.amis {
        if !is_region(region) || !is_ami(ami) {
            bail!("it lists `{ami}` in `{region}`, which is no AMI in a region of AWS");
        }
    }
    if !release.version.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')) {
        bail!("it calls its release `{}`", release.version.escape_debug());
    }
    Ok(release)
}

/// Fetches a list; of Flatcar's also the version, which lies beside it.
pub fn fetch(http: &Http, url: &str, arch: &str) -> anyhow::Result<Release> {
    let found = http.send(url, Body::None)?;
    if !found.is_ok() || found.is_page {
        let Answer { url, status, .. } = &found;
        bail!("`{url}` answers {status}{}", if found.is_page { " with a web page" } else { "" });
    }
    let mut release = read(&found.body, arch).with_context(|| format!("cannot use `{url}`"))?;
    if release.version.is_empty()
        && let Some((folder, _)) = url.rsplit_once('/')
    {
        let beside = http.send(&format!("{folder}/version.txt"), Body::None)?;
        release.version = version(&beside.body).filter(|_| beside.is_ok()).unwrap_or_default();
    }
    Ok(release)
}

/// Returns the version that Flatcar's `version.txt` says.
pub fn version(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let version = text.lines().find_map(|line| line.strip_prefix("FLATCAR_VERSION="))?;
    let version = version.trim().trim_matches('"');
    let is_version = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    (!version.is_empty() && version.chars().all(is_version)).then(|| version.to_owned())
}

/// Tells whether a text has the form of an AMI's id.
fn is_ami(text: &str) -> bool {
    text.strip_prefix("ami-").is_some_and(|hex| {
        (8..=17).contains(&hex.len()) && hex.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
    })
}

/// Tells whether a text has the form of a region's name: `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let word = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    match parts.as_slice() {
        [words @ .., number] => {
            (2..=4).contains(&words.len())
                && words.iter().all(word)
                && (1..=2).contains(&number.len())
                && number.chars().all(|c| c.is_ascii_digit())
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_are_read_and_held_against_the_form_of_their_words() {
        let flatcar = br#"{"amis":[
            {"name":"us-east-1","pv":"","hvm":"ami-0123456789abcdef0"},
            {"name":"us-gov-west-1","hvm":"ami-01234567"}]}"#;
        let release = read(flatcar, "x86_64").expect("is Flatcar's");
        assert_eq!((release.version.as_str(), release.amis.len()), ("", 2));
        let fedora = br#"{"stream":"stable","architectures":{
            "x86_64":{"artifacts":{},"images":{"aws":{"regions":{
                "eu-west-1":{"release":"44.20261101.3.0","image":"ami-0123456789abcdef0"}}}}},
            "s390x":{"images":{}}}}"#;
        let release = read(fedora, "x86_64").expect("is Fedora's");
        assert_eq!(release.version, "44.20261101.3.0");
        assert_eq!(
            release.amis.get("eu-west-1").map(String::as_str),
            Some("ami-0123456789abcdef0")
        );
        for (list, arch, says) in [
            (&fedora[..], "aarch64", "the list has no `aarch64`: it has s390x, x86_64"),
            (fedora, "s390x", "it lists no AMI"),
            (br#"{"amis":[]}"#, "x86_64", "it lists no AMI"),
            (
                br#"{"amis":[{"name":"us-east-1","hvm":"ami-0123; rm"}]}"#,
                "x86_64",
                "which is no AMI",
            ),
            (br#"{"amis":[{"name":"us east","hvm":"ami-01234567"}]}"#, "x86_64", "which is no AMI"),
            (b"<html>", "x86_64", "it is neither"),
            (b"{}", "x86_64", "it is neither"),
        ] {
            let error = read(list, arch).expect_err("is refused").to_string();
            assert!(error.contains(says), "{says}: {error}");
        }
    }

    #[test]
    fn versions_are_found() {
        let text = b"FLATCAR_BUILD=4459\nFLATCAR_VERSION=4459.2.1\nFLATCAR_SDK_VERSION=1\n";
        assert_eq!(version(text).as_deref(), Some("4459.2.1"));
        for text in [&b"FLATCAR_VERSION=\n"[..], b"FLATCAR_VERSION=a b\n", b"<html>", b"\xff"] {
            assert_eq!(version(text), None);
        }
    }
}
