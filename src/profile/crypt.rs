//! What may stand for a password: the hashes of `crypt(5)`, and the marks of accounts without one.
//!
//! The 13 letters of DES are none of them: a word of 13 letters would pass for a hash, and systems refuse to make
//! these.

/// Returns whether a text can stand where `shadow(5)` has the hash.
///
/// Nothing at all sets nothing; `!` locks the hash behind it, or the account.
pub(super) fn is_hash(text: &str) -> bool {
    match text.strip_prefix('!') {
        Some(rest) => matches!(rest, "" | "!" | "*") || is_crypt(rest),
        None => matches!(text, "" | "*" | "*LK*" | "*NP*") || is_crypt(text),
    }
}

/// Returns whether a text is a hash by one of the methods of `crypt(5)`, whole.
fn is_crypt(text: &str) -> bool {
    let Some((method, rest)) = text.strip_prefix('$').and_then(|rest| rest.split_once('$')) else {
        return false;
    };
    let fields: Vec<&str> = rest.split('$').collect();
    match (method, fields.as_slice()) {
        ("y" | "gy", [settings, salt, hash]) => {
            in_alphabet(settings, 1..=11) && in_alphabet(salt, 0..=86) && in_alphabet(hash, 43..=43)
        }
        ("7", [salt, hash]) => in_alphabet(salt, 11..=97) && in_alphabet(hash, 43..=43),
        ("2a" | "2b" | "2x" | "2y", [cost, hash]) => {
            is_number(cost, 2..=2) && in_alphabet(hash, 53..=53)
        }
        ("6", fields) => is_sha(fields, 86),
        ("5", fields) => is_sha(fields, 43),
        ("sha1", [rounds, salt, hash]) => {
            is_number(rounds, 1..=10) && in_alphabet(salt, 1..=64) && in_alphabet(hash, 28..=28)
        }
        ("1", [salt, hash]) => in_alphabet(salt, 0..=8) && in_alphabet(hash, 22..=22),
        _ => false,
    }
}

/// Returns whether these are the parts of a hash of SHA-256 or SHA-512, with rounds or without.
fn is_sha(fields: &[&str], length: usize) -> bool {
    let (salt, hash) = match fields {
        [salt, hash] => (salt, hash),
        [rounds, salt, hash] => {
            let rounds = rounds.strip_prefix("rounds=");
            if !rounds.is_some_and(|rounds| is_number(rounds, 4..=9)) {
                return false;
            }
            (salt, hash)
        }
        _ => return false,
    };
    // a salt may hold whatever takes no line of passwd(5) apart
    salt.len() <= 16
        && salt.chars().all(|c| c.is_ascii_graphic() && !matches!(c, ':' | '!' | '*' | '\\'))
        && in_alphabet(hash, length..=length)
}

fn in_alphabet(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/'))
}

fn is_number(text: &str, digits: std::ops::RangeInclusive<usize>) -> bool {
    digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_told_from_passwords() {
        let of = |length: usize| "a".repeat(length);
        let whole = [
            format!("$y$j9T$F5Jx5fExrKuPp53xLKQ..1${}", of(43)),
            format!("$gy$j9T${}${}", of(22), of(43)),
            format!("$7$CU..../....{}${}", of(22), of(43)),
            format!("$2b$12${}", of(53)),
            format!("$6$salt${}", of(86)),
            format!("$6$rounds=656000$sa-lt_${}", of(86)),
            format!("$5$rounds=5000$salt${}", of(43)),
            format!("$sha1$40000$jtNX3nZ2${}", of(28)),
            format!("$1$salt${}", of(22)),
            "*".to_owned(),
            "!".to_owned(),
            "!!".to_owned(),
            "!*".to_owned(),
            "*LK*".to_owned(),
            format!("!$6$salt${}", of(86)),
            String::new(),
        ];
        for hash in &whole {
            assert!(is_hash(hash), "{hash}");
        }
        let cut =
            whole.iter().filter(|hash| hash.contains('$')).map(|hash| &hash[..hash.len() - 1]);
        let others = [
            "hunter2",
            "correcthorses",
            "x",
            "!hunter2",
            "x:0:0::/root:/bin/sh",
            "$6$salt",
            "$6$$",
            "$6$",
            "$",
            "$y$j9T$x",
            "$6$rounds=1x$salt$aaaa",
            "$3$$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ];
        for text in cut.chain(others) {
            assert!(!is_hash(text), "{text}");
        }
        assert!(
            !is_hash(&format!("$6$sa:lt${}", of(86))) && !is_hash(&format!("$6$s${}\n", of(86)))
        );
    }
}
