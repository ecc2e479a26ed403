//! A private registry that machines pull from instead of each image's own.

use super::container::{Image, home};
use crate::source::Spanned;

/// A private registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registry {
    /// `HOST[:PORT]`, as the runtime names it.
    pub host: Spanned<String>,
    /// What stands between the host and the repository; may be empty.
    pub path: String,
    /// What stands before the repository of an image of a registry, by that registry's host.
    pub prefixes: Vec<(Spanned<String>, Spanned<String>)>,
    /// Whether it speaks plain http.
    pub insecure: bool,
    /// Certificate of who signed its own, as PEM.
    pub ca: Option<Spanned<String>>,
    /// What opens it.
    pub auth: Option<Spanned<Login>>,
}

/// What opens a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// base64 of `USER:PASSWORD`, as in docker's `config.json`.
    pub encoded: String,
    /// Whether it came from a variable of type `secret`.
    pub secret: bool,
}

impl Registry {
    /// Returns the reference under which machines pull an image: tag and digest stay, host and path are this
    /// registry's.
    ///
    /// An image that is already named by this registry stays as it is.
    #[must_use]
    pub fn pulled(&self, image: &Image) -> Image {
        let (host, repository) = home(&image.repository);
        if host == self.host.value {
            return image.clone();
        }
        let prefix = self.prefixes.iter().find(|(known, _)| known.value == host);
        let prefix = prefix.map_or("", |(_, prefix)| prefix.value.as_str());
        let parts = [self.host.value.as_str(), self.path.as_str(), prefix, repository.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Image { repository: parts.join("/"), ..image.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn at(text: &str) -> Spanned<String> {
        Spanned::new(text.to_owned(), Sources::NOWHERE)
    }

    fn registry(path: &str, prefixes: &[(&str, &str)]) -> Registry {
        Registry {
            host: at("mirror.example.net:5000"),
            path: path.to_owned(),
            prefixes: prefixes.iter().map(|(host, prefix)| (at(host), at(prefix))).collect(),
            insecure: false,
            ca: None,
            auth: None,
        }
    }

    #[test]
    fn images_keep_all_but_their_registry() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let pinned = format!("quay.io/coreos/etcd:v3.6.14@{digest}");
        let plain = registry("", &[]);
        let hosted = registry("", &[("docker.io", "docker.io"), ("quay.io", "quay.io")]);
        let cached = registry("cache", &[("docker.io", "docker-hub")]);
        for (from, registry, to) in [
            ("docker.io/library/zookeeper:3.8.6", &plain, "library/zookeeper:3.8.6".to_owned()),
            ("zookeeper:3.8.6", &plain, "library/zookeeper:3.8.6".to_owned()),
            ("index.docker.io/zookeeper:3.8.6", &plain, "library/zookeeper:3.8.6".to_owned()),
            ("confluentinc/cp-kafka:7.9.6", &plain, "confluentinc/cp-kafka:7.9.6".to_owned()),
            (&pinned, &plain, format!("coreos/etcd:v3.6.14@{digest}")),
            (&pinned, &hosted, format!("quay.io/coreos/etcd:v3.6.14@{digest}")),
            ("apache/kafka:4.3.1", &hosted, "docker.io/apache/kafka:4.3.1".to_owned()),
            ("apache/kafka:4.3.1", &cached, "cache/docker-hub/apache/kafka:4.3.1".to_owned()),
            ("quay.io/a/b:1", &cached, "cache/a/b:1".to_owned()),
            ("localhost/a:1", &plain, "a:1".to_owned()),
            ("mirror.example.net:5000/own/a:1", &cached, "own/a:1".to_owned()),
        ] {
            let image = Image::parse(from).expect("an image");
            let pulled = registry.pulled(&image).to_string();
            assert_eq!(pulled, format!("mirror.example.net:5000/{to}"), "{from}");
            assert!(Image::parse(&pulled).is_some(), "{pulled}");
        }
    }
}
