//! What is fetched when a machine boots, or held in the config.

use super::super::node::{list, named, said, word};
use super::super::url::{self, Wrong};
use super::report::Rules;
use crate::source::{Node, Span, Spanned};

impl Rules<'_> {
    /// Judges what is fetched, or held in a `data:` URL: a file, or, as a reference, a config or a certificate.
    pub(super) fn resource(&mut self, resource: &Node, needed: bool, is_reference: bool) {
        let source = named(resource, "source");
        let hash = resource.get("verification").and_then(|node| named(node, "hash"));
        let packed = named(resource, "compression");
        match &source {
            None if needed => {
                self.wrong(resource.span, "nothing says what to fetch".to_owned(), "add `source`");
            }
            Some(text) if needed && text.value.is_empty() => {
                self.wrong(text.span, "nothing says what to fetch".to_owned(), "add `source`");
            }
            Some(text) if !text.value.is_empty() => self.url(&text.value, text.span),
            Some(_) | None => {}
        }
        if let Some(word) = packed.as_ref().filter(|word| !matches!(&*word.value, "" | "gzip")) {
            self.wrong(
                word.span,
                format!("`{}` is no way to compress", word.value),
                "write `gzip`, or leave it out",
            );
        }
        let scheme = source.as_ref().map(|text| url::scheme(&text.value).unwrap_or_default());
        if let (Some(word), Some("s3" | "arn")) = (&packed, scheme.as_deref())
            && word.value == "gzip"
        {
            self.fails(
                word.span,
                "what is fetched from S3 is never unpacked".to_owned(),
                "store it as it is, and leave `compression` out",
            );
        }
        if let Some(text) = &hash {
            self.hash(&text.value, text.span);
            // 3.0 asks it of files alone
            if source.is_none() && (self.minor > 0 || !is_reference) {
                self.wrong(
                    text.span,
                    "there is nothing that this hash is of".to_owned(),
                    "add `source`, or remove `verification`",
                );
            }
        }
        let headers = list(resource, &["httpHeaders"]);
        if let Some(first) = headers.first()
            && !matches!(scheme.as_deref(), Some("http" | "https"))
        {
            self.wrong(
                first.span,
                "headers are sent to `http` and `https` alone".to_owned(),
                "remove `httpHeaders`",
            );
        }
        for header in headers {
            let name = word(header, "name");
            if name.is_empty() {
                self.wrong(header.span, "a header has no name".to_owned(), "add `name`");
            }
            if let Some(value) =
                header.get("value").filter(|value| said(value).as_deref() == Some(""))
            {
                self.wrong(
                    value.span,
                    format!("header `{name}` has an empty value"),
                    "write the value, or leave the header out",
                );
            } else if header.get("value").is_none() {
                self.fails(header.span, format!("header `{name}` has no value"), "add `value`");
            }
        }
        self.twice(headers, "the header", "name");
    }

    /// Judges the `data:` URL of a key or a certificate, whose contents are not shown.
    pub(super) fn data(&mut self, resource: &Node) {
        let Some(Spanned { value: text, span }) = named(resource, "source") else { return };
        // what a stack puts in stands in it as `${Name}`
        if !text.starts_with("data:") || text.contains("${") {
            return;
        }
        if let Err(why) = url::data(&text) {
            self.wrong(span, format!("the `data:` URL cannot be read: {why}"), "encode it again");
        }
    }

    fn url(&mut self, text: &str, span: Span) {
        let Some(wrong) = url::wrong(text, self.minor) else { return };
        let short: String = text.chars().take(60).collect();
        match wrong {
            Wrong::Malformed(why) => {
                self.wrong(span, format!("`{short}` {why}"), "write the address as it is fetched");
            }
            Wrong::Newer(since) => self.wrong(
                span,
                format!("spec 3.{}.0 does not fetch from `{short}`", self.minor),
                &format!("set `ignition.version` to 3.{since}.0 or newer"),
            ),
            Wrong::Scheme => self.wrong(
                span,
                format!("`{short}` is nothing that Ignition fetches from"),
                "write an address with https, http, tftp, s3, gs, arn or data",
            ),
        }
    }

    fn hash(&mut self, text: &str, span: Span) {
        let Some((function, sum)) = text.split_once('-') else {
            return self.wrong(
                span,
                format!("`{text}` is no hash"),
                "write `sha512-` and the digits",
            );
        };
        let length = match function {
            "sha512" => 128,
            "sha256" if self.minor > 0 => 64,
            "sha256" => {
                return self.wrong(
                    span,
                    "spec 3.0.0 knows `sha512` alone".to_owned(),
                    "set `ignition.version` to 3.1.0 or newer, or write `sha512-` and the digits",
                );
            }
            _ => {
                return self.wrong(
                    span,
                    format!("`{function}` is no hash that Ignition knows"),
                    "write `sha512-` and the digits",
                );
            }
        };
        if sum.len() != length {
            self.wrong(
                span,
                format!("a {function} has {length} digits, not {}", sum.len()),
                "write the whole sum",
            );
        } else if !sum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            self.fails(
                span,
                format!("`{function}-…` has characters that are no digits"),
                "write the sum in hexadecimal digits",
            );
        }
    }
}
