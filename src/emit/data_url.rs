//! Bytes as `data:` URLs (RFC 2397), in the shortest form Ignition reads.
//!
//! Writes only, and never a media type.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::filled::Filled;
use super::gzip::gzip;
use crate::model::machine::{Body, Contents};

/// What stands before percent-escaped bytes.
const ESCAPED: &str = "data:,";
/// What stands before base64.
const BASE64: &str = "data:;base64,";
/// What `"compression":"gzip",` costs beside the URL.
const COMPRESSION_MEMBER: usize = 21;
/// The fewest bytes gzip makes of anything: header, an empty block, trailer.
const LEAST_GZIP: usize = 20;

/// The `source` and `compression` of an Ignition resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Encoded {
    /// The URL.
    pub(super) source: Filled,
    /// `gzip` where the URL holds compressed bytes.
    pub(super) compression: Option<&'static str>,
}

/// How contents without late values are written.
pub(super) type Encode = fn(&[u8]) -> Encoded;

/// Returns contents as `encode` has them; a text with late values stays one, so that a stack can put them in.
pub(super) fn of(contents: &Contents, encode: Encode) -> Encoded {
    let Contents { body, secret: _ } = contents;
    match body {
        Body::Bytes(bytes) => encode(bytes),
        Body::Late(parts) => {
            let mut source = Filled::from(ESCAPED.to_owned());
            source.push(&Filled::of(parts, |text| escape(text.as_bytes())));
            Encoded { source, compression: None }
        }
    }
}

/// Returns the form with the fewest bytes in JSON.
pub(super) fn shortest(bytes: &[u8]) -> Encoded {
    let plain = shorter_length(bytes);
    if plain > packed_length(least_gzip(bytes.len())) {
        let packed = gzip(bytes);
        if packed_length(packed.len()) < plain {
            return self::packed(&packed);
        }
    }
    Encoded { source: shorter(bytes).into(), compression: None }
}

/// Returns how many bytes the shortest form has at least, found without compressing anything.
pub(super) fn least(contents: &Contents) -> usize {
    let Contents { body, secret: _ } = contents;
    match body {
        Body::Bytes(bytes) => shorter_length(bytes).min(packed_length(least_gzip(bytes.len()))),
        Body::Late(_) => ESCAPED.len(),
    }
}

/// Returns how many bytes gzip makes at least: deflate's shortest code for its longest match is two bits for 258 bytes.
fn least_gzip(bytes: usize) -> usize {
    LEAST_GZIP.max(bytes / 1_032)
}

/// Returns gzip's output as a resource that Ignition unpacks.
pub(super) fn packed(gzip: &[u8]) -> Encoded {
    Encoded { source: base64(gzip).into(), compression: Some("gzip") }
}

/// Returns the form that compresses best as part of something bigger: text stays text.
pub(super) fn compressible(bytes: &[u8]) -> Encoded {
    let source = if std::str::from_utf8(bytes).is_ok() { escaped(bytes) } else { shorter(bytes) };
    Encoded { source: source.into(), compression: None }
}

fn shorter(bytes: &[u8]) -> String {
    if escaped_length(bytes) <= base64_length(bytes.len()) { escaped(bytes) } else { base64(bytes) }
}

fn shorter_length(bytes: &[u8]) -> usize {
    escaped_length(bytes).min(base64_length(bytes.len()))
}

fn escaped_length(bytes: &[u8]) -> usize {
    let escapes = bytes.iter().filter(|byte| !is_literal(**byte)).count();
    ESCAPED.len() + bytes.len() + 2 * escapes
}

fn escaped(bytes: &[u8]) -> String {
    ESCAPED.to_owned() + &escape(bytes)
}

fn escape(bytes: &[u8]) -> String {
    let mut url = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        if is_literal(*byte) {
            url.push(char::from(*byte));
        } else {
            url.push('%');
            url.push(hex_digit(byte >> 4));
            url.push(hex_digit(byte & 15));
        }
    }
    url
}

fn hex_digit(half: u8) -> char {
    char::from(if half < 10 { b'0' + half } else { b'A' - 10 + half })
}

fn base64(bytes: &[u8]) -> String {
    let mut url = String::with_capacity(base64_length(bytes.len()));
    url.push_str(BASE64);
    BASE64_STANDARD.encode_string(bytes, &mut url);
    url
}

fn base64_length(bytes: usize) -> usize {
    BASE64.len() + bytes.div_ceil(3) * 4
}

fn packed_length(gzip: usize) -> usize {
    base64_length(gzip) + COMPRESSION_MEMBER
}

/// Returns whether a byte may stand unescaped: RFC 2396's unreserved characters, and those reserved ones that have no
/// meaning after the comma. `?` and `#` have one to URL parsers, and Ignition parses the URL before it decodes it.
fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'$' | b'&'..=b'/' | b':' | b';' | b'=' | b'@' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use flate2::read::GzDecoder;
    use proptest::prelude::*;
    use std::io::Read as _;

    use super::*;

    fn decode(url: &Encoded) -> Vec<u8> {
        let bytes = match url.source.text().strip_prefix(BASE64) {
            Some(text) => BASE64_STANDARD.decode(text).expect("base64"),
            None => unescape(url.source.text().strip_prefix(ESCAPED).expect("a data URL")),
        };
        if url.compression.is_none() {
            return bytes;
        }
        let mut unpacked = Vec::new();
        GzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).expect("gzip");
        unpacked
    }

    fn unescape(text: &str) -> Vec<u8> {
        let mut bytes = text.bytes();
        let mut out = Vec::new();
        while let Some(byte) = bytes.next() {
            if byte == b'%' {
                let hex: String = bytes.by_ref().take(2).map(char::from).collect();
                out.push(u8::from_str_radix(&hex, 16).expect("two hex digits"));
            } else {
                assert!(is_literal(byte));
                out.push(byte);
            }
        }
        out
    }

    #[test]
    fn takes_the_shortest_form() {
        let long = "kafka.example ".repeat(40);
        let cases: [(&[u8], &str, bool); 6] = [
            (b"", "data:,", false),
            (b"a=/b:1\n", "data:,a=/b:1%0A", false),
            (b"\" \" \" \"", "data:;base64,IiAiICIgIg==", false),
            (&[0xff; 3], "data:,%FF%FF%FF", false),
            (&[0xff; 6], "data:;base64,////////", false),
            (long.as_bytes(), "data:;base64,H4sIAAAAAAAC", true),
        ];
        for (bytes, start, compressed) in cases {
            let url = shortest(bytes);
            assert!(url.source.text().starts_with(start), "{} for {bytes:?}", url.source.text());
            assert_eq!(url.compression.is_some(), compressed);
        }
        assert!(compressible(long.as_bytes()).source.text().starts_with("data:,kafka.example%20"));
    }

    #[test]
    fn nothing_is_shorter_than_the_least() {
        for length in [0, 1, 40, 5_000, 1 << 20] {
            let bytes = vec![b' '; length];
            let Encoded { source, compression } = shortest(&bytes);
            let costs = source.text().len() + compression.map_or(0, |_| COMPRESSION_MEMBER);
            let least = least(&Contents::open(bytes));
            assert!(least <= costs && costs <= least + 64, "{length}: {least} of {costs}");
        }
    }

    #[test]
    fn what_has_a_meaning_in_a_url_is_escaped() {
        let literal: Vec<u8> = (0..=u8::MAX).filter(|byte| is_literal(*byte)).collect();
        let texts = String::from_utf8_lossy(&literal);
        let digits = "0123456789";
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
        assert_eq!(texts, format!("!$&'()*+,-./{digits}:;=@{letters}"));
        assert_eq!(escape(b"%\xff?"), "%25%FF%3F");
    }

    proptest! {
        #[test]
        fn every_form_holds_the_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300), times in 1..4_usize) {
            let bytes = bytes.repeat(times);
            for url in [shortest(&bytes), compressible(&bytes), packed(&gzip(&bytes))] {
                prop_assert_eq!(decode(&url), &bytes[..]);
            }
            let (shortest, compressible) = (shortest(&bytes), compressible(&bytes));
            prop_assert!(shortest.source.text().len() <= compressible.source.text().len());
            let costs = shortest.source.text().len() + shortest.compression.map_or(0, |_| COMPRESSION_MEMBER);
            prop_assert!(least(&Contents::open(bytes.clone())) <= costs);
        }
    }
}
