//! Tokens nobody can guess, from the operating system.

use std::fmt::Write as _;

use anyhow::Context as _;

/// Returns 32 lower-case hex digits, the form of a public discovery token.
pub fn token() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).context("the system gives no random bytes")?;
    Ok(bytes.iter().fold(String::with_capacity(32), |mut hex, byte| {
        let _infallible = write!(hex, "{byte:02x}");
        hex
    }))
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_have_the_public_form_and_differ() {
        let (one, other) = (super::token().expect("random"), super::token().expect("random"));
        assert!(one.len() == 32 && one.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
        assert_ne!(one, other);
    }
}
