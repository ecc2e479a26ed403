//! Ids in Kafka's form, derived from names: same input, same id.
//!
//! 16 bytes as 22 characters of base64url, as `org.apache.kafka.common.Uuid` prints them.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// Java's decoder, which passes over bits behind the last byte: widely copied ids have some.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));

/// Derives an id from `parts`; it never starts with `-`, which a command line would take for a flag.
pub fn derive_uuid(parts: &[&str]) -> String {
    let mut round = 0_u32;
    loop {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        digest.update(round.to_be_bytes());
        let bytes: Vec<u8> = digest.finalize().iter().copied().take(16).collect();
        let id = URL_SAFE_NO_PAD.encode(bytes);
        if !id.starts_with('-') {
            return id;
        }
        round += 1;
    }
}

/// Tells whether a text is an id Kafka reads.
pub fn is_uuid(text: &str) -> bool {
    text.len() == 22
        && !text.starts_with('-')
        && LENIENT.decode(text).is_ok_and(|bytes| bytes.len() == 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_valid() {
        assert_eq!(derive_uuid(&["a", "b"]), derive_uuid(&["a", "b"]));
        assert_ne!(derive_uuid(&["a", "b"]), derive_uuid(&["ab", ""]));
        for number in 0..500 {
            assert!(is_uuid(&derive_uuid(&[&number.to_string()])));
        }
        assert!(!is_uuid("5L6g3nShT-eMCtK--X86s"));
        // of Confluent's examples
        assert!(is_uuid("MkU3OEVBNTcwNTJENDM2Qk"));
    }
}
