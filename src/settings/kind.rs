//! How a server reads the text of a setting.

/// A type, as the program that reads it has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Java: `true` or `false` in any case.
    Boolean,
    /// Java, where `yes` and `no` are words as well.
    YesNo,
    /// Go: `1`, `t`, `true` and their likes.
    GoBool,
    /// A whole number of so many bits, in Java.
    Integer(u8),
    /// A whole number in Go, which takes `0x10` and `1_000` as well.
    GoInteger { signed: bool },
    /// A number with a point.
    Decimal,
    /// Go: `1h30m`.
    Duration,
    /// Any text.
    Text,
    /// Texts with commas between them.
    List,
    /// Name of a class.
    Class,
    /// Any text that nobody may read.
    Secret,
}

impl Kind {
    pub(super) fn read(word: &str) -> Self {
        match word {
            "boolean" => Self::Boolean,
            "yes-no" => Self::YesNo,
            "bool" => Self::GoBool,
            "short" => Self::Integer(16),
            "int" => Self::Integer(32),
            "long" => Self::Integer(64),
            "go-int" => Self::GoInteger { signed: true },
            "go-uint" => Self::GoInteger { signed: false },
            "double" => Self::Decimal,
            "duration" => Self::Duration,
            "list" => Self::List,
            "class" => Self::Class,
            "password" => Self::Secret,
            _ => Self::Text,
        }
    }

    /// Returns what it is called to people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Boolean | Self::GoBool => "`true` or `false`",
            Self::YesNo => "`yes` or `no`",
            Self::Integer(_) | Self::GoInteger { .. } => "a whole number",
            Self::Decimal => "a number",
            Self::Duration => "a duration as `30s` or `1h30m`",
            Self::Text | Self::Secret => "a text",
            Self::List => "a list with commas",
            Self::Class => "the name of a class",
        }
    }

    /// Returns whether a text is one, and its number where it has one.
    pub(super) fn takes(self, text: &str) -> Option<Option<f64>> {
        // what Java's `trim` takes away
        let text = text.trim_matches(|c: char| c <= ' ');
        let either = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        match self {
            Self::Boolean => either(&["true", "false"]).then_some(None),
            Self::YesNo => either(&["true", "false", "yes", "no"]).then_some(None),
            Self::GoBool => {
                const WORDS: [&str; 12] = [
                    "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False",
                ];
                WORDS.contains(&text).then_some(None)
            }
            Self::Integer(bits) => {
                let number: i64 = text.parse().ok()?;
                let most = i64::MAX >> (64 - bits);
                (-most - 1..=most).contains(&number).then_some(Some(number as f64))
            }
            Self::GoInteger { signed } => go_integer(text, signed).map(Some),
            Self::Decimal => decimal(text).map(Some),
            Self::Duration => go_duration(text).then_some(None),
            Self::Text | Self::List | Self::Secret | Self::Class => Some(None),
        }
    }
}

/// `Double.parseDouble`, but for numbers in hexadecimal.
fn decimal(text: &str) -> Option<f64> {
    let bare = text.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(text);
    let fits = bare.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    fits.then(|| bare.parse().ok()).flatten().filter(|number: &f64| number.is_finite())
}

/// `strconv.ParseInt` with base 0, and its likes: prefixes, and `_` between digits where there is a prefix.
fn go_integer(text: &str, signed: bool) -> Option<f64> {
    let (negative, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) if signed => (text.starts_with('-'), digits),
        Some(_) => return None,
        None => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2), ("0", 8)];
    let (digits, base) = prefixed
        .iter()
        .find_map(|(prefix, base)| {
            let rest = lower.strip_prefix(prefix).filter(|rest| !rest.is_empty())?;
            Some((rest.replace('_', ""), *base))
        })
        .unwrap_or((lower.clone(), 10));
    let fits = !digits.is_empty() && digits.chars().all(|c| c.is_digit(base));
    let number = fits.then(|| u64::from_str_radix(&digits, base).ok()).flatten()?;
    let most = if signed { i64::MAX as u64 } else { u64::MAX };
    (number <= most).then(|| if negative { -(number as f64) } else { number as f64 })
}

/// `time.ParseDuration`, without its limit of 292 years.
fn go_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (number, unit) = rest.split_at(digits);
        let points = number.matches('.').count();
        if points > 1 || number.len() == points {
            return false;
        }
        let unit = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"]
            .iter()
            .filter(|known| unit.starts_with(**known))
            .max_by_key(|known| known.len());
        let Some(after) = unit.and_then(|known| rest.get(digits + known.len()..)) else {
            return false;
        };
        rest = after;
    }
    !text.is_empty() && !matches!(text, "+" | "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_java_and_go_read_them() {
        for (kind, text, taken) in [
            (Kind::Boolean, " True ", true),
            (Kind::Boolean, "yes", false),
            (Kind::YesNo, "yes", true),
            (Kind::GoBool, "T", true),
            (Kind::GoBool, "tRue", false),
            (Kind::Integer(16), "32768", false),
            (Kind::Integer(16), "-32768", true),
            (Kind::Integer(32), "2147483648", false),
            (Kind::Integer(64), "9223372036854775807", true),
            (Kind::Integer(64), "9223372036854775808", false),
            (Kind::Integer(32), "1_000", false),
            (Kind::Integer(32), "", false),
            (Kind::GoInteger { signed: true }, "0x10", true),
            (Kind::GoInteger { signed: true }, "08", false),
            (Kind::GoInteger { signed: false }, "-1", false),
            (Kind::GoInteger { signed: true }, "4GiB", false),
            (Kind::Decimal, "1e3", true),
            (Kind::Decimal, "0.5f", true),
            (Kind::Decimal, "half", false),
            (Kind::Duration, "1h30m", true),
            (Kind::Duration, "1.5ms", true),
            (Kind::Duration, "5 s", false),
            (Kind::Duration, "7d", false),
            (Kind::Duration, "", false),
            (Kind::Duration, "0", true),
        ] {
            assert_eq!(kind.takes(text).is_some(), taken, "{kind:?} {text:?}");
        }
    }
}
