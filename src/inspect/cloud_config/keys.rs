//! The keys of a CoreOS cloud-config and the values they take, as coreos-cloudinit declares them.

use std::ops::ControlFlow;

/// The table: section, key, kind of value. `-` is the top level, `units`, `drop_ins`, `write_files` and `users` are
/// entries of those lists.
const TABLE: &str = include_str!("keys.txt");

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// A map with the keys of this section.
    Section(&'static str),
    /// A list of maps with the keys of this section.
    Sections(&'static str),
    /// A list of texts.
    Texts,
    /// Any single value.
    Text,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    Number,
    /// One of these words, parted by `|`.
    Word(&'static str),
    /// Octal digits.
    Mode,
    /// A time of day, with or without a day before it.
    WindowStart,
    /// A length of time as Go writes it.
    WindowLength,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Section it is a key of.
    pub(super) section: &'static str,
    /// Its name, with underscores.
    pub(super) key: &'static str,
    pub(super) takes: Takes,
    /// Why it is of no use any more, if it is not.
    pub(super) deprecated: Option<&'static str>,
}

fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (row, deprecated) = match line.split_once(" ! ") {
            Some((row, why)) => (row, Some(why)),
            None => (line, None),
        };
        let mut parts = row.splitn(3, ' ');
        let (section, key, kind) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Row { section, key, takes: takes(kind)?, deprecated })
    })
}

fn takes(kind: &'static str) -> Option<Takes> {
    if let Some(section) = kind.strip_prefix("section ") {
        return Some(Takes::Section(section));
    }
    if let Some(section) = kind.strip_prefix("sections ") {
        return Some(Takes::Sections(section));
    }
    if let Some(words) = kind.strip_prefix("word ") {
        return Some(Takes::Word(words));
    }
    Some(match kind {
        "texts" => Takes::Texts,
        "text" => Takes::Text,
        "boolean" => Takes::Boolean,
        "integer" => Takes::Integer,
        "number" => Takes::Number,
        "mode" => Takes::Mode,
        "window-start" => Takes::WindowStart,
        "window-length" => Takes::WindowLength,
        _ => return None,
    })
}

pub(super) fn find(section: &str, key: &str) -> Option<Row> {
    rows().find(|row| row.section == section && row.key == key)
}

/// Returns the keys of a section.
pub(super) fn of(section: &str) -> Vec<&'static str> {
    rows().filter(|row| row.section == section).map(|row| row.key).collect()
}

/// Returns the sections of `coreos` that set variables or files of a daemon: its name, and the section.
pub(super) fn daemons() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows().filter(|row| row.section == "coreos").filter_map(|row| {
        let Takes::Section(section) = row.takes else { return None };
        Some((row.key, section))
    })
}

/// Returns whether a unit is that of a daemon that no system has any more.
pub(super) fn is_gone(unit: &str) -> bool {
    let daemon = unit.strip_suffix(".service").and_then(|daemon| find("coreos", daemon));
    daemon.is_some_and(|row| row.deprecated.is_some())
}

/// Returns the section that has a key at its top level or directly below `coreos`, if it is another than `section`.
pub(super) fn home(section: &str, key: &str) -> Option<&'static str> {
    let found = ["-", "coreos"].into_iter().filter(|home| *home != section);
    let found = found.map(|home| (home, find(home, key))).try_for_each(|(home, row)| match row {
        Some(_) => ControlFlow::Break(home),
        None => ControlFlow::Continue(()),
    });
    found.break_value()
}

/// Returns why a single value is not what a key takes; what only a stack knows passes.
pub(super) fn wrong(takes: Takes, value: &str) -> Option<Wrong> {
    if value.contains("${") {
        return None;
    }
    let is_type = |fits: bool, must_be: &str| {
        (!fits).then(|| Wrong { is_type: true, must_be: must_be.to_owned() })
    };
    let is_value =
        |fits: bool, must_be: String| (!fits).then_some(Wrong { is_type: false, must_be });
    let lower = value.to_ascii_lowercase();
    match takes {
        Takes::Section(_) | Takes::Sections(_) | Takes::Texts | Takes::Text => None,
        Takes::Boolean => {
            let known = ["true", "false", "yes", "no", "on", "off", "y", "n"];
            is_type(known.contains(&lower.as_str()), "`true` or `false`")
        }
        Takes::Integer => is_type(value.parse::<i64>().is_ok(), "a whole number"),
        Takes::Number => is_type(value.parse::<f64>().is_ok(), "a number"),
        Takes::Word(words) => is_value(
            words.split('|').any(|word| word == value),
            format!("one of: {}", words.replace('|', ", ")),
        ),
        Takes::Mode => {
            let digits = value.strip_prefix('0').unwrap_or(value);
            let fits = (3..=4).contains(&digits.len()) || value.len() == 4;
            let fits = fits && value.chars().all(|c| matches!(c, '0'..='7')) && value.len() <= 5;
            is_value(fits, "octal digits, as \"0644\"".to_owned())
        }
        Takes::WindowStart => {
            let time = lower.split_once(' ').map_or(lower.as_str(), |(day, time)| {
                let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
                if days.contains(&day) { time } else { "" }
            });
            let fits = time.split_once(':').is_some_and(|(hour, minute)| {
                let below = |text: &str, most: u32| text.parse::<u32>().is_ok_and(|n| n < most);
                below(hour, 24) && below(minute, 60)
            });
            is_value(fits, "a time as `04:00` or `Thu 04:00`".to_owned())
        }
        Takes::WindowLength => {
            let ends = value.ends_with(|c: char| c.is_ascii_lowercase());
            let fits = ends
                && value.starts_with(|c: char| c.is_ascii_digit() || c == '.')
                && value.chars().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase() || c == '.');
            is_value(fits, "a length as `1h30m`".to_owned())
        }
    }
}

/// Why a value does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Whether its type is another, which makes today's Flatcar refuse the whole config.
    pub(super) is_type: bool,
    pub(super) must_be: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(rows().count(), lines);
        for (section, keys) in [
            ("-", 6),
            ("coreos", 8),
            ("coreos.etcd", 49),
            ("coreos.etcd2", 41),
            ("coreos.fleet", 17),
            ("coreos.flannel", 11),
            ("coreos.locksmith", 9),
            ("coreos.update", 3),
            ("coreos.oem", 5),
            ("units", 7),
            ("drop_ins", 2),
            ("write_files", 5),
            ("users", 15),
        ] {
            assert_eq!(of(section).len(), keys, "{section}");
        }
        for row in rows() {
            let (Takes::Section(inner) | Takes::Sections(inner)) = row.takes else { continue };
            assert!(!of(inner).is_empty(), "{inner}");
        }
        assert_eq!(home("coreos", "write_files"), Some("-"));
        assert_eq!(home("-", "etcd2"), Some("coreos"));
    }

    #[test]
    fn values_as_coreos_cloudinit_takes_them() {
        for (takes, value, fits) in [
            (Takes::Boolean, "Yes", true),
            (Takes::Boolean, "yes please", false),
            (Takes::Integer, "12", true),
            (Takes::Integer, "1.5", false),
            (Takes::Number, "1.5", true),
            (Takes::Mode, "0644", true),
            (Takes::Mode, "644", true),
            (Takes::Mode, "rw-r--r--", false),
            (Takes::Mode, "0888", false),
            (Takes::Mode, "64", false),
            (Takes::Mode, "${Mode}", true),
            (Takes::Word("start|stop"), "start", true),
            (Takes::Word("start|stop"), "Start", false),
            (Takes::WindowStart, "Thu 04:00", true),
            (Takes::WindowStart, "Thursday 04:00", false),
            (Takes::WindowStart, "24:00", false),
            (Takes::WindowLength, "1h30m", true),
            (Takes::WindowLength, "90", false),
        ] {
            assert_eq!(wrong(takes, value).is_none(), fits, "{takes:?} {value}");
        }
    }
}
