//! The names that Confluent's image makes properties of.

/// Returns the variable that Confluent's image turns into the property `name`; `None` where none can.
///
/// The image lowers the name, then reads `_` as `.`, `__` as `_` and `___` as `-`.
pub(super) fn of(name: &str) -> Option<String> {
    let mut out = String::from("KAFKA_");
    let mut last_was_word = false;
    for c in name.chars() {
        let word = c.is_ascii_lowercase() || c.is_ascii_digit();
        match c {
            _ if word => out.push(c.to_ascii_uppercase()),
            // Two separators in a row would be read as one other.
            _ if !last_was_word => return None,
            '.' => out.push('_'),
            '_' => out.push_str("__"),
            '-' => out.push_str("___"),
            _ => return None,
        }
        last_was_word = word;
    }
    last_was_word.then_some(out)
}

/// Returns the property that a variable means to Confluent's image: [`of`], read back.
pub(super) fn property(variable: &str) -> Option<String> {
    let words = variable.strip_prefix("KAFKA_").filter(|words| !words.is_empty())?;
    let words = words.to_ascii_lowercase();
    Some(words.replace("___", "-").replace("__", "\0").replace('_', ".").replace('\0', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        for (name, expected) in [
            ("min.insync.replicas", Some("KAFKA_MIN_INSYNC_REPLICAS")),
            (
                "listener.name.sasl_ssl.scram-sha-512.x",
                Some("KAFKA_LISTENER_NAME_SASL__SSL_SCRAM___SHA___512_X"),
            ),
            ("Upper", None),
            ("a._b", None),
            ("a.", None),
            ("", None),
            ("a b", None),
        ] {
            assert_eq!(of(name).as_deref(), expected, "{name}");
            if let Some(variable) = expected {
                assert_eq!(property(variable).as_deref(), Some(name));
            }
        }
        assert_eq!(property("KAFKA_"), None);
        assert_eq!(property("JMX_PORT"), None);
    }
}
