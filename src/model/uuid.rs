//! Ids in Kafka's form: 16 bytes as 22 characters of base64url, as `org.apache.kafka.common.Uuid` prints them.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

/// Java's decoder, which passes over bits behind the last byte: widely copied ids have some.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));

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
    fn ids() {
        assert!(is_uuid("5L6g3nShT-eMCtK--X86sw"));
        assert!(!is_uuid("-L6g3nShT-eMCtK--X86sw"));
        assert!(!is_uuid("5L6g3nShT-eMCtK--X86s"));
        // of Confluent's examples
        assert!(is_uuid("MkU3OEVBNTcwNTJENDM2Qk"));
    }
}
