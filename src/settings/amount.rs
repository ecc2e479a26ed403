//! Amounts as people write them where a server takes a bare number: `7d`, `500ms`, `4GiB`.

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Thousandths of a second.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
}

/// Reads an amount and returns it in `unit`; `None` where it is no such amount, or does not come out even.
pub(super) fn read(text: &str, unit: Unit) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, word) = text.split_at(split);
    let factor = match unit {
        Unit::Bytes => bytes(word.trim())?,
        Unit::Milliseconds | Unit::Seconds | Unit::Minutes | Unit::Hours => {
            milliseconds(word.trim())?
        }
    };
    let whole = number.parse::<u64>().ok()?.checked_mul(factor)?;
    let per = match unit {
        Unit::Bytes | Unit::Milliseconds => 1,
        Unit::Seconds => 1_000,
        Unit::Minutes => 60_000,
        Unit::Hours => 3_600_000,
    };
    (whole % per == 0).then_some(whole / per)
}

/// Reads an amount of time and returns it as Go writes a duration; `None` where it is no such amount.
pub(super) fn go_duration(text: &str) -> Option<String> {
    let all = read(text, Unit::Milliseconds)?;
    let (per, word) = [(3_600_000, "h"), (60_000, "m"), (1_000, "s")]
        .into_iter()
        .find(|(per, _)| all % per == 0)
        .unwrap_or((1, "ms"));
    Some(format!("{}{word}", all / per))
}

fn milliseconds(word: &str) -> Option<u64> {
    Some(match word {
        "ms" => 1,
        "s" | "sec" | "seconds" => 1_000,
        "m" | "min" | "minutes" => 60_000,
        "h" | "hours" => 3_600_000,
        "d" | "days" => 86_400_000,
        "w" | "weeks" => 604_800_000,
        _ => return None,
    })
}

/// `K`, `M` and `G` are meant as powers of two by who writes them for a buffer or a segment.
fn bytes(word: &str) -> Option<u64> {
    Some(match word {
        "B" | "b" => 1,
        "KiB" | "Ki" | "K" | "k" => 1 << 10,
        "MiB" | "Mi" | "M" | "m" => 1 << 20,
        "GiB" | "Gi" | "G" | "g" => 1 << 30,
        "TiB" | "Ti" | "T" | "t" => 1 << 40,
        "KB" | "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, expected) in
            [("7d", "168h"), ("90 min", "90m"), ("1500ms", "1500ms"), ("5 s", "5s")]
        {
            assert_eq!(go_duration(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn amounts() {
        for (text, unit, expected) in [
            ("7d", Unit::Milliseconds, Some(604_800_000)),
            ("7 d", Unit::Milliseconds, Some(604_800_000)),
            ("2s", Unit::Milliseconds, Some(2_000)),
            ("90min", Unit::Hours, None),
            ("120min", Unit::Hours, Some(2)),
            ("4GiB", Unit::Bytes, Some(4 << 30)),
            ("4GB", Unit::Bytes, Some(4_000_000_000)),
            ("4s", Unit::Bytes, None),
            ("4", Unit::Bytes, None),
            ("GiB", Unit::Bytes, None),
            ("99999999999999999999d", Unit::Hours, None),
            ("9999999999999999d", Unit::Hours, None),
        ] {
            assert_eq!(read(text, unit), expected, "{text}");
        }
    }
}
