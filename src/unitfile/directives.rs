//! The directives of unit files, and the values they take.
//!
//! The table is systemd's own (`directives.txt` says whose). Only values whose shape is certain are judged: the rest,
//! and whatever holds a specifier or a host fact, passes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::diagnostic::nearest;

/// The table: name, kind of value, sections.
const TABLE: &str = include_str!("directives.txt");

/// Sections a unit of each type may have besides `[Unit]` and `[Install]`.
const TYPES: &[(&str, &[&str])] = &[
    ("service", &["Service"]),
    ("socket", &["Socket"]),
    ("mount", &["Mount"]),
    ("automount", &["Automount"]),
    ("swap", &["Swap"]),
    ("timer", &["Timer"]),
    ("path", &["Path"]),
    ("slice", &["Slice"]),
    ("scope", &["Scope"]),
    ("target", &[]),
    ("device", &[]),
    ("snapshot", &[]),
];

/// Returns the sections of units whose name ends in `.suffix`.
pub fn sections(suffix: &str) -> Vec<&'static str> {
    let own = TYPES.iter().find(|(name, _)| *name == suffix).map_or(&[] as &[&str], |(_, own)| own);
    ["Unit", "Install"].into_iter().chain(own.iter().copied()).collect()
}

/// Returns the rows of the table.
fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> + Clone {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut parts = line.splitn(3, ' ');
        Some((parts.next()?, parts.next()?, parts.next()?))
    })
}

/// The rows by name: what kind of value, and in which sections.
static BY_NAME: LazyLock<BTreeMap<&str, Vec<(&str, &str)>>> = LazyLock::new(|| {
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, kind, sections) in rows() {
        found.entry(name).or_default().push((kind, sections));
    }
    found
});

/// Returns the kind of value a directive takes in a section; `None` where it is not known there.
pub fn kind(section: &str, name: &str) -> Option<&'static str> {
    let is_here = |sections: &str| sections.split(' ').any(|known| known == section);
    BY_NAME.get(name)?.iter().find(|(_, sections)| is_here(sections)).map(|(kind, _)| *kind)
}

/// Returns the sections of `among` that know a directive.
pub fn homes(name: &str, among: &[&'static str]) -> Vec<&'static str> {
    among.iter().copied().filter(|section| kind(section, name).is_some()).collect()
}

/// Returns the directive of a section that was meant.
pub fn meant(section: &str, name: &str) -> Option<&'static str> {
    let here = rows().filter(|(_, _, sections)| sections.split(' ').any(|known| known == section));
    nearest(name, here.map(|(known, _, _)| known))
}

/// The words a kind of value must be one of.
fn words(kind: &str) -> &'static [&'static str] {
    match kind {
        "type" => {
            &["simple", "exec", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle"]
        }
        "restart" => {
            &["no", "always", "on-success", "on-failure", "on-abnormal", "on-abort", "on-watchdog"]
        }
        "exit-type" => &["main", "cgroup"],
        "kill-mode" => &["control-group", "mixed", "process", "none"],
        "notify-access" => &["none", "main", "exec", "all"],
        "timeout-mode" => &["terminate", "abort", "kill"],
        "action" => &[
            "none",
            "reboot",
            "reboot-force",
            "reboot-immediate",
            "poweroff",
            "poweroff-force",
            "poweroff-immediate",
            "exit",
            "exit-force",
            "soft-reboot",
            "soft-reboot-force",
            "kexec",
            "kexec-force",
            "halt",
            "halt-force",
            "halt-immediate",
        ],
        "input" => &["null", "tty", "tty-force", "tty-fail", "socket", "data", "fd", "file"],
        "output" => &[
            "inherit",
            "null",
            "tty",
            "socket",
            "journal",
            "kmsg",
            "journal+console",
            "kmsg+console",
            "syslog",
            "syslog+console",
            "fd",
            "file",
            "append",
            "truncate",
        ],
        _ => &[],
    }
}

/// Why a value is not what its directive takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongValue {
    /// What it must be.
    pub expected: String,
    /// What was meant, if that can be known.
    pub meant: Option<String>,
}

/// Returns why systemd would not take a value; `None` where it would, or where nobody can say.
pub fn wrong_value(kind: &str, value: &str) -> Option<WrongValue> {
    if value.is_empty() || value.contains(['%', '{']) {
        return None;
    }
    let lower = value.to_ascii_lowercase();
    match kind {
        "boolean" => {
            let known = ["1", "yes", "y", "true", "t", "on", "0", "no", "n", "false", "f", "off"];
            (!known.contains(&lower.as_str())).then(|| WrongValue {
                expected: "must be one of: yes, no".to_owned(),
                meant: nearest(value, ["yes", "no", "true", "false"]).map(str::to_owned),
            })
        }
        "time" => (!is_time(value)).then(|| WrongValue {
            expected: "must be seconds, or a time as `90s`, `5min`, `1min 30s` or `infinity`"
                .to_owned(),
            meant: None,
        }),
        "unsigned" => value
            .parse::<u64>()
            .is_err()
            .then(|| WrongValue { expected: "must be a whole number".to_owned(), meant: None }),
        "mode" => {
            let is_mode = u32::from_str_radix(value, 8).is_ok_and(|mode| mode <= 0o7777);
            (!is_mode).then(|| WrongValue {
                expected: "must be octal, as `0750`".to_owned(),
                meant: None,
            })
        }
        "signal" => (!is_signal(value)).then(|| WrongValue {
            expected: "must be a signal, as `SIGTERM`".to_owned(),
            meant: is_signal(&value.to_ascii_uppercase()).then(|| value.to_ascii_uppercase()),
        }),
        _ => {
            let known = words(kind);
            let word = if matches!(kind, "input" | "output") {
                value.split(':').next().unwrap_or(value)
            } else {
                value
            };
            (!known.is_empty() && !known.contains(&word)).then(|| WrongValue {
                expected: format!("must be one of: {}", known.join(", ")),
                meant: nearest(word, known.iter().copied()).map(str::to_owned),
            })
        }
    }
}

/// Returns whether systemd reads a text as a length of time.
fn is_time(text: &str) -> bool {
    seconds(text).is_some()
}

/// Returns a length of time in seconds, as `systemd.time(7)` reads it; `infinity` is the longest there is.
pub fn seconds(text: &str) -> Option<f64> {
    if text.trim() == "infinity" {
        return Some(f64::INFINITY);
    }
    let mut total = 0.0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(digits)?;
        let after = after.trim_start();
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters)?;
        total += number.parse::<f64>().ok()? * unit_seconds(unit)?;
        rest = after.trim_start();
    }
    Some(total)
}

fn unit_seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "" | "s" | "sec" | "second" | "seconds" => 1.0,
        "m" | "min" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hour" | "hours" => 3_600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "week" | "weeks" => 604_800.0,
        "M" | "month" | "months" => 2_629_800.0,
        "y" | "year" | "years" => 31_557_600.0,
        "ms" | "msec" => 1e-3,
        "us" | "µs" | "μs" | "usec" => 1e-6,
        "ns" | "nsec" => 1e-9,
        _ => return None,
    })
}

/// Signals without `SIG`.
const SIGNALS: &[&str] = &[
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
    "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
];

fn is_signal(text: &str) -> bool {
    let name = text.strip_prefix("SIG").unwrap_or(text);
    SIGNALS.contains(&name)
        || name.starts_with("RTM")
        || text.parse::<u8>().is_ok_and(|number| (1..=64).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        let names: Vec<_> = rows().map(|(name, _, _)| name).collect();
        assert!(names.len() > 450 && names.is_sorted());
        for (section, name, known) in [
            ("Service", "ExecStart", true),
            ("Unit", "ExecStart", false),
            ("Install", "WantedBy", true),
            ("Service", "RestartSteps", true),
            ("Timer", "RandomizedOffsetSec", true),
            ("Service", "ExecReloadPost", true),
            ("Unit", "ConditionPathIsSocket", true),
            ("Service", "Requries", false),
        ] {
            assert_eq!(kind(section, name).is_some(), known, "{name}");
        }
        assert_eq!(meant("Unit", "Requries"), Some("Requires"));
    }

    #[test]
    fn values_as_systemd_takes_them() {
        for (kind, value, fits) in [
            ("boolean", "Yes", true),
            ("boolean", "ture", false),
            ("type", "simple", true),
            ("type", "Simple", false),
            ("restart", "Always", false),
            ("time", "1min 30s", true),
            ("time", "2min30", true),
            ("time", "infinity", true),
            ("time", "soon", false),
            ("time", "5 mins", false),
            ("mode", "0750", true),
            ("mode", "0789", false),
            ("signal", "SIGTERM", true),
            ("signal", "sigterm", false),
            ("output", "append:/var/log/x", true),
            ("unsigned", "-1", false),
            ("type", "%i", true),
        ] {
            assert_eq!(wrong_value(kind, value).is_none(), fits, "{kind} {value}");
        }
        assert_eq!(seconds("1min 30s"), Some(90.0));
    }
}
