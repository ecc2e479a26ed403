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
    /// Go: `1h30m`; its number is one of nanoseconds.
    Duration,
    /// etcd: a duration, or a bare whole number, which counts hours or revisions.
    Retention,
    /// Any text, which Go takes with its blanks.
    GoText,
    /// Any text.
    Text,
    /// Texts with commas between them.
    List,
    /// Name of a class.
    Class,
    /// Any text that nobody may read.
    Secret,
}

/// What a text is to a server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Taken {
    /// Nothing that it takes.
    Not,
    /// Of the type, and no number.
    Word,
    /// A number.
    Number(f64),
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
            "retention" => Self::Retention,
            "go-string" => Self::GoText,
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
            Self::Retention => "a duration as `30m` or `168h`, or a whole number",
            Self::Text | Self::GoText | Self::Secret => "a text",
            Self::List => "a list with commas",
            Self::Class => "the name of a class",
        }
    }

    /// Returns a text without the blanks around it that nobody reads: those of Java's `trim`, in Go none.
    pub(super) fn trimmed(self, text: &str) -> &str {
        match self {
            Self::GoBool
            | Self::GoInteger { .. }
            | Self::Duration
            | Self::Retention
            | Self::GoText => text,
            Self::Boolean
            | Self::YesNo
            | Self::Integer(_)
            | Self::Decimal
            | Self::Text
            | Self::List
            | Self::Class
            | Self::Secret => text.trim_matches(|c: char| c <= ' '),
        }
    }

    /// Returns what a text is to a server that reads it so.
    pub(super) fn takes(self, text: &str) -> Taken {
        let text = self.trimmed(text);
        let either = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        let taken = match self {
            Self::Boolean => either(&["true", "false"]).then_some(Taken::Word),
            Self::YesNo => either(&["true", "false", "yes", "no"]).then_some(Taken::Word),
            Self::GoBool => {
                const WORDS: [&str; 12] = [
                    "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False",
                ];
                WORDS.contains(&text).then_some(Taken::Word)
            }
            Self::Integer(bits) => integer(text, bits).map(Taken::Number),
            Self::GoInteger { signed } => go_integer(text, signed).map(Taken::Number),
            Self::Decimal => decimal(text).map(Taken::Number),
            Self::Duration => go_duration(text).map(Taken::Number),
            Self::Retention => {
                let whole = text.parse::<i64>().is_ok_and(|number| number >= 0);
                (whole || go_duration(text).is_some()).then_some(Taken::Word)
            }
            Self::Text | Self::GoText | Self::List | Self::Secret | Self::Class => {
                Some(Taken::Word)
            }
        };
        taken.unwrap_or(Taken::Not)
    }
}

/// `parseInt` of Java's classes for numbers of so many bits; a double holds what ranges are compared with.
fn integer(text: &str, bits: u8) -> Option<f64> {
    let number: i64 = text.parse().ok()?;
    let most = i64::MAX >> (64 - bits);
    (-most - 1..=most).contains(&number).then(|| text.parse().ok()).flatten()
}

/// `Double.parseDouble`, but for numbers in hexadecimal.
fn decimal(text: &str) -> Option<f64> {
    let bare = text.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(text);
    let fits = bare.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    fits.then(|| bare.parse().ok()).flatten()
}

/// `strconv.ParseInt` with base 0, and its likes: prefixes, and one `_` between two digits, of which a prefix is one.
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
            Some((rest.to_owned(), *base))
        })
        .unwrap_or((lower.clone(), 10));
    let apart = !digits.ends_with('_') && !digits.contains("__");
    let begun = base != 10 || !digits.starts_with('_');
    let digits = if apart && begun { digits.replace('_', "") } else { digits };
    let fits = !digits.is_empty() && digits.chars().all(|c| c.is_digit(base));
    let number = fits.then(|| u64::from_str_radix(&digits, base).ok()).flatten()?;
    let most = if signed { i64::MAX as u64 } else { u64::MAX };
    let double: f64 = number.to_string().parse().ok()?;
    (number <= most).then_some(if negative { -double } else { double })
}

/// `time.ParseDuration`, in nanoseconds, without its limit of 292 years.
fn go_duration(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 8] = [
        ("ns", 1.0),
        ("us", 1e3),
        ("µs", 1e3),
        ("μs", 1e3),
        ("ms", 1e6),
        ("s", 1e9),
        ("m", 6e10),
        ("h", 3.6e12),
    ];
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Some(0.0);
    }
    let mut sum = 0.0;
    let empty = rest.is_empty();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (number, unit) = rest.split_at(digits);
        let (word, factor) = UNITS
            .iter()
            .filter(|(known, _)| unit.starts_with(known))
            .max_by_key(|(known, _)| known.len())?;
        sum += number.parse::<f64>().ok()? * factor;
        rest = unit.strip_prefix(word)?;
    }
    (!empty).then_some(sum * sign)
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
            (Kind::GoInteger { signed: true }, "1_000", true),
            (Kind::GoInteger { signed: true }, "0x_1_0", true),
            (Kind::GoInteger { signed: true }, "_1", false),
            (Kind::GoInteger { signed: true }, "1_", false),
            (Kind::GoInteger { signed: true }, "1__0", false),
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
            (Kind::Duration, "-.5h", true),
            (Kind::Duration, ".h", false),
            (Kind::Duration, " 5s", false),
            (Kind::GoInteger { signed: true }, " 5", false),
            (Kind::Retention, "5", true),
            (Kind::Retention, "168h", true),
            (Kind::Retention, "7d", false),
            (Kind::Retention, "-1", false),
            (Kind::Retention, "", false),
        ] {
            assert_eq!(kind.takes(text) != Taken::Not, taken, "{kind:?} {text:?}");
        }
    }
}
