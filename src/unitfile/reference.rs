//! Names of images, as docker and podman read them (the grammar of the `reference` package that both have).

/// Where podman finds images besides registries.
const TRANSPORTS: &[&str] = &[
    "containers-storage",
    "dir",
    "docker",
    "docker-archive",
    "docker-daemon",
    "oci",
    "oci-archive",
    "ostree",
    "sif",
];

/// Returns why a client refuses the name of an image, and the name that is meant, where that is certain.
pub(super) fn refuses(client: &str, text: &str) -> Option<(String, Option<String>)> {
    let is_elsewhere = text.split_once(':').is_some_and(|(before, _)| TRANSPORTS.contains(&before));
    if client == "podman" && is_elsewhere || is_id(text) {
        return None;
    }
    let lower = || {
        let (repository, rest) = text.split_at(name_end(text));
        format!("{}{rest}", repository.to_lowercase())
    };
    let name = text.get(..name_end(text)).unwrap_or(text);
    let (domain, path) = match name.split_once('/') {
        Some((first, path)) if is_domain(first) => (Some(first), path),
        _ => (None, name),
    };
    if path.chars().any(char::is_uppercase) {
        let said = format!("invalid reference format: repository name ({path}) must be lowercase");
        return Some((said, Some(lower()).filter(|it| refuses(client, it).is_none())));
    }
    let rest = text.get(name.len()..).unwrap_or("");
    let (tag, digest) = match rest.split_once('@') {
        Some((tag, digest)) => (tag, Some(digest)),
        None => (rest, None),
    };
    let fits = domain.is_none_or(domain_fits)
        && path.split('/').all(component_fits)
        && (tag.is_empty() || tag.strip_prefix(':').is_some_and(tag_fits))
        && digest.is_none_or(digest_fits);
    (!fits).then(|| ("invalid reference format".to_owned(), None))
}

/// Where the repository ends.
fn name_end(text: &str) -> usize {
    let end = text.find('@').unwrap_or(text.len());
    let before = text.get(..end).unwrap_or(text);
    let folder = before.rfind('/').map_or(0, |at| at + 1);
    before.get(folder..).and_then(|last| last.find(':')).map_or(end, |at| folder + at)
}

/// An image by what it holds.
fn is_id(text: &str) -> bool {
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    hex.len() == 64 && hex.chars().all(|c| c.is_ascii_hexdigit())
}

fn is_domain(first: &str) -> bool {
    first.contains(['.', ':']) || first == "localhost" || first.chars().any(char::is_uppercase)
}

fn domain_fits(domain: &str) -> bool {
    // an address of IPv6
    if domain.starts_with('[') {
        return true;
    }
    let (name, port) = domain.split_once(':').unwrap_or((domain, "1"));
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    name.split('.').all(label) && !port.is_empty() && port.chars().all(|c| c.is_ascii_digit())
}

/// Letters and digits, with `.`, `_`, `__` or dashes between them.
fn component_fits(component: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let ends = component.starts_with(is_inner) && component.ends_with(is_inner);
    let between = component.split(is_inner).filter(|between| !between.is_empty());
    let mut marks =
        between.map(|it| matches!(it, "." | "_" | "__") || it.chars().all(|c| c == '-'));
    ends && marks.all(|fits| fits)
}

fn tag_fits(tag: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (1..=128).contains(&tag.len())
        && tag.starts_with(is_word)
        && tag.chars().all(|c| is_word(c) || matches!(c, '.' | '-'))
}

fn digest_fits(digest: &str) -> bool {
    let parts = digest.split_once(':');
    parts.is_some_and(|(algorithm, hex)| {
        let length = match algorithm {
            "sha256" => 64,
            "sha384" => 96,
            "sha512" => 128,
            // others are only known to whoever made it
            _ => return hex.len() >= 32,
        };
        hex.len() == length && hex.chars().all(|c| c.is_ascii_digit() || matches!(c, 'a'..='f'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_the_clients_judge_them() {
        let digest = "a".repeat(64);
        for fits in [
            "redis",
            "redis:7.4",
            "acme/app_a-b.c__d--e:V1",
            "localhost/a",
            "localhost:5000/a/b:1",
            "registry.example.com/a@sha256:",
            "Foo/bar",
            "a-b",
        ] {
            let text =
                if fits.ends_with(':') { format!("{fits}{digest}") } else { fits.to_owned() };
            assert_eq!(refuses("docker", &text), None, "{text}");
        }
        assert_eq!(refuses("docker", &digest), None);
        assert_eq!(refuses("podman", "docker://a/B"), None);
        for wrong in [
            "img:",
            "img::1",
            "a//b",
            "/a",
            "a/",
            "-a",
            "a..b",
            "a:b:c",
            "a@sha256:1",
            "a b",
            "a___b",
            "",
        ] {
            assert!(refuses("docker", wrong).is_some(), "{wrong}");
        }
        let (_, meant) = refuses("docker", "acme/IMG:V1").expect("is refused");
        assert_eq!(meant.as_deref(), Some("acme/img:V1"));
    }
}
