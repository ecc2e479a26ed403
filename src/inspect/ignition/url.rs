//! Addresses as Ignition takes them: the schemes of each version, and `data:` URLs as its own reader reads them.

use std::fmt::Write as _;

use super::super::packing;

/// Why an address is none that Ignition takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// No address at all.
    Malformed(&'static str),
    /// A scheme that this version does not have; with the minor version that has it.
    Newer(u32),
    Scheme,
}

/// Returns the scheme of an address, in small letters.
///
/// # Errors
/// What Go's `net/url` does not take.
pub(super) fn scheme(url: &str) -> Result<String, Wrong> {
    if url.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return Err(Wrong::Malformed("has a control character"));
    }
    let end = url.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')));
    let Some(end) = end.filter(|end| url.as_bytes().get(*end) == Some(&b':')) else {
        return Ok(String::new());
    };
    let (scheme, rest) = url.split_at(end);
    match scheme.bytes().next() {
        None => return Err(Wrong::Malformed("has nothing before its `:`")),
        Some(first) if !first.is_ascii_alphabetic() => return Ok(String::new()),
        Some(_) => {}
    }
    let scheme = scheme.to_ascii_lowercase();
    let rest = rest.get(1..).unwrap_or_default();
    if let Some(rest) = rest.strip_prefix('/') {
        let parts = rest.split('#').next().unwrap_or_default();
        let path = parts.split('?').next().unwrap_or_default();
        if !escapes_are_sound(path) {
            return Err(Wrong::Malformed("has a `%` without two hexadecimal digits"));
        }
        let host = path.strip_prefix('/').map(|path| path.split('/').next().unwrap_or_default());
        if let Some(host) = host {
            let host = host.rsplit('@').next().unwrap_or_default();
            if host.contains([' ', '<', '>', '"', '\\', '^', '`', '{', '|', '}']) {
                return Err(Wrong::Malformed("has a character in its host that no host has"));
            }
            let behind = host.strip_prefix('[').map(|rest| rest.split_once(']'));
            if behind.is_some_and(|rest| {
                rest.is_none_or(|(_, behind)| !behind.is_empty() && !behind.starts_with(':'))
            }) {
                return Err(Wrong::Malformed("has a bracket in its host that is not closed"));
            }
            let port = host.rsplit(']').next().unwrap_or_default();
            let port = port.rsplit_once(':').map_or("", |(_, port)| port);
            if !port.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Wrong::Malformed("has a port that is no number"));
            }
        }
    }
    Ok(scheme)
}

fn escapes_are_sound(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        let mut digits = rest.bytes();
        let mut digit = || digits.next().is_some_and(|byte| byte.is_ascii_hexdigit());
        digit() && digit()
    })
}

/// Reports why what is fetched from here is refused by a version of spec 3.
pub(super) fn wrong(url: &str, minor: u32) -> Option<Wrong> {
    let scheme = match scheme(url) {
        Ok(scheme) => scheme,
        Err(wrong) => return Some(wrong),
    };
    let newer = |since: u32| (minor < since).then_some(Wrong::Newer(since));
    match scheme.as_str() {
        "http" | "https" | "tftp" => None,
        "gs" => newer(2),
        "s3" => version_id(url),
        "arn" => newer(4).or_else(|| arn(url)).or_else(|| version_id(url)),
        // its contents are read where they are unpacked
        "data" if url.starts_with("data:") => None,
        "data" => Some(Wrong::Malformed("must begin with `data:` in small letters")),
        _ => Some(Wrong::Scheme),
    }
}

/// Reports an empty `versionId`.
fn version_id(url: &str) -> Option<Wrong> {
    let query = url.split('#').next()?.split_once('?')?.1;
    let first = query.split('&').find_map(|pair| match pair.split_once('=') {
        Some(("versionId", value)) => Some(value),
        None if pair == "versionId" => Some(""),
        Some(_) | None => None,
    })?;
    first.is_empty().then_some(Wrong::Malformed("has an empty `versionId`"))
}

/// Reports an ARN that names no object of S3.
fn arn(url: &str) -> Option<Wrong> {
    let name = url.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let [_, _, service, _, _, resource] = parts.as_slice() else {
        return Some(Wrong::Malformed("is no ARN of an object of S3"));
    };
    let slashes = name.split('/').count();
    let fewest = if resource.starts_with("accesspoint/") { 3 } else { 2 };
    (*service != "s3" || slashes < fewest)
        .then_some(Wrong::Malformed("is no ARN of an object of S3"))
}

/// Returns a `data:` URL in which what a stack puts in, `${Name}`, is escaped as if it were text.
pub(super) fn escaped(url: &str) -> String {
    let mut parts = url.split("${");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) => whole.extend(["%24%7B", name, "%7D", rest]),
            None => whole.extend(["${", part]),
        }
    }
    whole
}

/// Returns the bytes of a `data:` URL.
///
/// # Errors
/// What vincent-petithory/dataurl 1.0.0, which Ignition reads it with, does not take.
pub(super) fn data(url: &str) -> Result<Vec<u8>, String> {
    let Some((about, data)) = url.strip_prefix("data:").and_then(|rest| rest.split_once(','))
    else {
        return Err("it has no comma before its data".to_owned());
    };
    let is_base64 = about_is_base64(about)?;
    let odd = data.chars().find(|c| if is_base64 { !of_base64(*c) } else { !of_url(*c) });
    match odd {
        Some(odd) if is_base64 => {
            Err(format!("`{}` is no character of base64", odd.escape_debug()))
        }
        Some(odd) => {
            let mut escaped = String::new();
            for byte in odd.to_string().bytes() {
                write!(escaped, "%{byte:02X}").map_err(|error| error.to_string())?;
            }
            Err(format!("`{}` must be written as {escaped}", odd.escape_debug()))
        }
        None => packing::data_url(url),
    }
}

/// Reads what stands before the data: the kind of it, and how it is written.
fn about_is_base64(about: &str) -> Result<bool, String> {
    let mut parts = about.split(';');
    let kind = parts.next().unwrap_or_default();
    if !kind.is_empty() {
        let Some((main, sub)) = kind.split_once('/') else {
            return Err(format!("`{kind}` is no media type"));
        };
        let known =
            ["text", "image", "audio", "video", "application", "message", "multipart", "x-", "X-"];
        let is_known = known.iter().any(|known| main.starts_with(known));
        if !is_known || !main.chars().chain(sub.chars()).all(of_token) {
            return Err(format!("`{kind}` is no media type"));
        }
    }
    let mut is_base64 = false;
    for part in parts {
        if is_base64 {
            return Err("`base64` must be the last word before the comma".to_owned());
        }
        match part.split_once('=') {
            Some((name, value)) => {
                let quoted = value.strip_prefix('"').map(|rest| rest.strip_suffix('"'));
                let value = quoted.map_or(value, Option::unwrap_or_default);
                if name.is_empty() || value.is_empty() || !name.chars().all(of_token) {
                    return Err(format!("`{part}` is no parameter of a media type"));
                }
            }
            None if part == "base64" => is_base64 = true,
            None => return Err(format!("`{part}` is neither `base64` nor a parameter")),
        }
    }
    Ok(is_base64)
}

fn of_token(c: char) -> bool {
    c.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(c)
}

fn of_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '\n')
}

fn of_url(c: char) -> bool {
    c.is_ascii_graphic() && !"<>#\"{}|\\^[]`".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_by_version() {
        for (url, minor, fits) in [
            ("https://a/b", 0, true),
            ("HTTPS://a/b", 0, true),
            ("tftp://a/b", 0, true),
            ("s3://b/k", 0, true),
            ("s3://b/k?versionId=", 0, false),
            ("s3://b/k?versionId=1", 0, true),
            ("DATA:,a", 6, false),
            ("gs://b/k", 1, false),
            ("gs://b/k", 2, true),
            ("arn:aws:s3:::b/k", 3, false),
            ("arn:aws:s3:::b/k", 4, true),
            ("arn:aws:s3:::b", 4, false),
            ("arn:aws:iam:::b/k", 4, false),
            ("arn:aws:s3:eu-west-1:1:accesspoint/n", 4, false),
            ("arn:aws:s3:eu-west-1:1:accesspoint/n/object/k", 4, true),
            ("ftp://a/b", 6, false),
            ("a/b", 6, false),
            (":a", 6, false),
            ("http://a/%zz", 6, false),
            ("http://a:b/", 6, false),
            ("http://[::1]:80/a", 6, true),
            ("http://[::1", 6, false),
            ("http://[::1]a", 6, false),
        ] {
            assert_eq!(wrong(url, minor).is_none(), fits, "{url} in 3.{minor}");
        }
    }

    #[test]
    fn data_as_ignition_reads_it() {
        for (url, bytes) in [
            ("data:,a%20b", Some("a b")),
            ("data:,a b", None),
            ("data:,a[b", None),
            ("data:text/plain;charset=utf-8,a", Some("a")),
            ("data:text/plain;charset=utf-8;base64,YQ==", Some("a")),
            ("data:;base64,YQ==", Some("a")),
            ("data:;base64,Y Q==", None),
            ("data:base64,YQ==", None),
            ("data:foo/bar,a", None),
            ("data:text/plain;charset=\"a\",x", Some("x")),
            ("data:text/plain;charset=\"a,x", None),
            ("data:", None),
            ("data:,%2", None),
        ] {
            assert_eq!(data(url).ok().as_deref(), bytes.map(str::as_bytes), "{url}");
        }
    }
}
