//! What user data is wrapped in: base64 and gzip, in any order, as far as bounds allow.

use std::io::Read as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use flate2::read::MultiGzDecoder;

/// Most bytes of anything unpacked.
const MOST: usize = 16 << 20;
/// Most bytes of all that one machine's user data holds, unpacked.
pub(super) const MOST_IN_ALL: usize = 64 << 20;
/// Most wrappings around each other.
const LAYERS: usize = 4;

/// Bytes without their wrappings.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    /// What was done to get them, as `decoded from base64, unpacked with gzip`; empty where nothing was.
    pub(super) how: String,
}

/// Takes the wrappings off.
pub(super) fn unpack(bytes: &[u8]) -> Result<Unpacked, String> {
    let (mut bytes, mut how) = (bytes.to_vec(), Vec::new());
    for _ in 0..LAYERS {
        if bytes.starts_with(&[0x1f, 0x8b]) {
            bytes = gunzip(&bytes, MOST)?;
            how.push("unpacked with gzip");
        } else if let Some(decoded) = unbase64(&bytes) {
            bytes = decoded;
            how.push("decoded from base64");
        } else {
            return Ok(Unpacked { bytes, how: how.join(", ") });
        }
    }
    Err(format!("wrapped more than {LAYERS} times"))
}

/// Returns what gzip packed, within bounds: a few bytes can hold gigabytes of zeros. Of more than `left`, only one byte
/// more is returned.
pub(super) fn gunzip(bytes: &[u8], left: usize) -> Result<Vec<u8>, String> {
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(MOST.min(left) as u64 + 1)
        .read_to_end(&mut unpacked)
        .map_err(|error| format!("its gzip is broken: {error}"))?;
    if unpacked.len() > MOST {
        return Err(format!("unpacks to more than {} MiB", MOST >> 20));
    }
    Ok(unpacked)
}

/// Takes the length of what was unpacked from what may still be; where that is passed, refuses it and all that follows.
pub(super) fn spend(left: &mut usize, bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    let rest = left.checked_sub(bytes.len());
    *left = rest.unwrap_or(0);
    rest.map(|_| bytes).ok_or_else(|| {
        format!("with it the user data holds more than {} MiB in all", MOST_IN_ALL >> 20)
    })
}

/// Returns what base64 holds, where it holds something that can be user data.
fn unbase64(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    if text.len() < 8 {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(&text).ok()?;
    let is_text =
        std::str::from_utf8(&decoded).is_ok_and(|text| text.contains(['\n', ' ', '{', '#']));
    (decoded.starts_with(&[0x1f, 0x8b]) || is_text).then_some(decoded)
}

/// Returns what base64 holds, line ends in it left out.
pub(super) fn base64(text: &str) -> Result<Vec<u8>, String> {
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let odd = text.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '='));
    if let Some(odd) = odd {
        return Err(format!("`{odd}` is no character of base64"));
    }
    BASE64_STANDARD.decode(text).map_err(|_| "its base64 is cut off".to_owned())
}

/// Returns the bytes of a `data:` URL (RFC 2397).
pub(super) fn data_url(url: &str) -> Result<Vec<u8>, String> {
    let Some((about, data)) = url.strip_prefix("data:").and_then(|rest| rest.split_once(','))
    else {
        return Err("no `data:` URL".to_owned());
    };
    if about.ends_with(";base64") {
        return base64(data);
    }
    let mut bytes = Vec::with_capacity(data.len());
    let mut rest = data.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits: Vec<u8> = rest.by_ref().take(2).collect();
        let code = std::str::from_utf8(&digits).ok().filter(|digits| digits.len() == 2);
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.ok_or("a `%` without two hexadecimal digits")?);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(bytes).expect("a Vec takes every byte");
        packed.finish().expect("a Vec takes every byte")
    }

    #[test]
    fn wrappings_come_off() {
        let plain = b"#cloud-config\nhostname: a\n";
        let packed = gzip(plain);
        for (bytes, how) in [
            (plain.to_vec(), ""),
            (packed.clone(), "unpacked with gzip"),
            (BASE64_STANDARD.encode(plain).into_bytes(), "decoded from base64"),
            (
                BASE64_STANDARD.encode(&packed).into_bytes(),
                "decoded from base64, unpacked with gzip",
            ),
        ] {
            let found = unpack(&bytes).expect("is sound");
            assert_eq!((found.bytes.as_slice(), found.how.as_str()), (plain.as_slice(), how));
        }
        assert_eq!(unpack(b"hostname").expect("is sound").how, "");
    }

    #[test]
    fn many_small_bombs_are_refused_together() {
        let mut left = MOST_IN_ALL;
        for _ in 0..MOST_IN_ALL / MOST {
            assert!(spend(&mut left, vec![0; MOST]).is_ok());
        }
        assert!(spend(&mut left, vec![0]).expect_err("too much").contains("64 MiB in all"));
    }

    #[test]
    fn bombs_are_refused() {
        let bomb = gzip(&vec![0; MOST + 1]);
        assert!(bomb.len() < 20_000);
        assert!(unpack(&bomb).expect_err("too much").contains("more than 16 MiB"));
        let mut nested = b"x".to_vec();
        for _ in 0..=LAYERS {
            nested = gzip(&nested);
        }
        assert!(unpack(&nested).expect_err("too deep").contains("wrapped more than"));
        assert!(unpack(&[0x1f, 0x8b, 8]).expect_err("cut").contains("broken"));
    }

    #[test]
    fn data_urls() {
        for (url, bytes) in [
            ("data:,a%20b", Ok(b"a b".to_vec())),
            ("data:text/plain;base64,YWI=", Ok(b"ab".to_vec())),
            ("data:,%2", Err(())),
            ("https://example.net", Err(())),
            ("data:;base64,***", Err(())),
        ] {
            assert_eq!(data_url(url).map_err(|_| ()), bytes, "{url}");
        }
    }
}
