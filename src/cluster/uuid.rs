//! Ids in Kafka's form, derived instead of drawn, so that the same profile builds the same bytes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Returns 16 bytes of a digest of `seed` as 22 characters of base64url, as `kafka-storage.sh random-uuid` prints.
///
/// Like Kafka's own, it never starts with `-`, which Kafka's tools would take for an option.
pub fn derive_uuid(seed: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in seed {
        // The length keeps ["ab", "c"] and ["a", "bc"] apart.
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut digest = hasher.finalize();
    loop {
        let text = URL_SAFE_NO_PAD.encode(digest.get(..16).expect("SHA-256 has 32 bytes"));
        if !text.starts_with('-') {
            return text;
        }
        digest = Sha256::digest(digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_distinct_and_in_kafkas_form() {
        assert_eq!(derive_uuid(&["kafka", "kafka-1"]), derive_uuid(&["kafka", "kafka-1"]));
        assert_ne!(derive_uuid(&["ab", "c"]), derive_uuid(&["a", "bc"]));
        for number in 0..2_000 {
            let id = derive_uuid(&["cluster", &number.to_string()]);
            assert!(id.len() == 22 && !id.starts_with('-'), "{id}");
        }
    }
}
