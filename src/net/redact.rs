//! URLs as they may be shown: without the password.

use reqwest::Url;

/// Returns a URL with its password hidden.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    if url.password().is_some() {
        // fails only for URLs without a host, which have no password
        let _ = url.set_password(Some("..."));
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn passwords_are_hidden() {
        for (url, said) in [
            ("http://a:2379/x", "http://a:2379/x"),
            ("https://me:hunter2@a/x?y=1", "https://me:...@a/x?y=1"),
        ] {
            assert_eq!(super::shown(&url.parse().expect("is a URL")), said);
        }
    }
}
