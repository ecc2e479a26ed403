//! One setting, as one version or a run of versions has it.

use super::amount::{self, Unit};
use super::kind::{Kind, Taken};
use super::range::Range;
use crate::diagnostic::nearest;

/// Major and minor version of a server.
pub type Version = (u32, u32);

/// A setting.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// The first version that has it so; `None` where the oldest that was asked does.
    pub since: Option<Version>,
    /// The last version that has it so; `None` where the newest that was asked does.
    pub until: Option<Version>,
    /// What a bare number of it counts.
    pub unit: Option<Unit>,
    /// What holds where nobody sets it, as the server writes it; empty where nothing or a secret does.
    pub default: &'static str,
    /// When a change of it counts.
    pub update: Update,
    /// The one mode that reads it; `None` where all do.
    pub mode: Option<&'static str>,
    /// The setting of the server that this one of a topic stands in for.
    pub twin: Option<&'static str>,
    kind: Kind,
    range: Option<Range>,
    words: Vec<&'static str>,
    any_case: bool,
    filled: bool,
    unique: bool,
}

/// When a change of a setting counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// At the next start of the server.
    ReadOnly,
    /// At once, on the server that is told.
    PerBroker,
    /// At once, on all servers.
    ClusterWide,
}

/// Why a server does not take a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it must be: "a whole number from 1 on".
    pub must: String,
    /// What was meant, where that can be told.
    pub meant: Option<String>,
}

impl Setting {
    /// Reads a line of a table; what a column lacks is taken for nothing.
    pub(super) fn read(line: &'static str) -> Self {
        let mut columns = line.split('\t');
        let mut column = || columns.next().unwrap_or_default();
        let (name, versions, kind, unit, accepts) =
            (column(), column(), column(), column(), column());
        let (default, update, mode, twin) = (column(), column(), column(), column());
        let (since, until) = versions.split_once('-').unwrap_or_default();
        let mut setting = Self {
            name,
            since: version(since),
            until: version(until),
            unit: match unit {
                "bytes" => Some(Unit::Bytes),
                "ms" => Some(Unit::Milliseconds),
                "s" => Some(Unit::Seconds),
                "min" => Some(Unit::Minutes),
                "h" => Some(Unit::Hours),
                _ => None,
            },
            default,
            update: match update {
                "per-broker" => Update::PerBroker,
                "cluster-wide" => Update::ClusterWide,
                _ => Update::ReadOnly,
            },
            mode: Some(mode).filter(|mode| !mode.is_empty()),
            twin: Some(twin).filter(|twin| !twin.is_empty()),
            kind: Kind::read(kind),
            range: None,
            words: Vec::new(),
            any_case: false,
            filled: false,
            unique: false,
        };
        for word in accepts.split(' ') {
            match word {
                "filled" => setting.filled = true,
                "unique" => setting.unique = true,
                _ => match word.strip_prefix('{').and_then(|rest| rest.rsplit_once('}')) {
                    Some((words, case)) => {
                        setting.words = words.split(',').collect();
                        setting.any_case = case == "i";
                    }
                    None => setting.range = Range::read(word),
                },
            }
        }
        setting
    }

    /// Returns whether a version has it so.
    pub fn is_in(&self, version: Version) -> bool {
        self.since.is_none_or(|since| since <= version)
            && self.until.is_none_or(|until| version <= until)
    }

    /// Returns whether its value is nobody's to read.
    pub fn is_secret(&self) -> bool {
        self.kind == Kind::Secret
    }

    /// Returns whether it is a flag that stands for `true` where it has no value.
    pub fn is_switch(&self) -> bool {
        self.kind == Kind::GoBool
    }

    /// Returns the only words that its value may be; empty where others are taken, or several at once.
    pub fn words(&self) -> &[&'static str] {
        if self.kind == Kind::List || self.any_case { &[] } else { &self.words }
    }

    /// Returns the least and the greatest number it takes, where there are such.
    pub fn bounds(&self) -> (Option<f64>, Option<f64>) {
        self.range.map_or((None, None), |range| range.bounds())
    }

    /// Returns what it is, in words: "a whole number from 1 on".
    pub fn takes(&self) -> String {
        let mut said = match self.words.as_slice() {
            [] => self.kind.name().to_owned(),
            words => {
                let words: Vec<String> = words
                    .iter()
                    .filter(|word| !word.is_empty())
                    .map(|word| format!("`{word}`"))
                    .collect();
                let what = match (self.kind, words.len()) {
                    (Kind::List, _) => "a list of ",
                    (_, 1) => "",
                    _ => "one of ",
                };
                format!("{what}{}", words.join(", "))
            }
        };
        match &self.range {
            // the only bound that a duration has
            Some(_) if self.kind == Kind::Duration => said.push_str(", more than 0"),
            Some(range) => said.push_str(&range.to_string()),
            None => {}
        }
        if self.kind == (Kind::GoInteger { signed: false }) && self.range.is_none() {
            said.push_str(" from 0 on");
        }
        if let (Kind::Integer(_) | Kind::GoInteger { .. }, Some(unit)) = (self.kind, self.unit) {
            said.push_str(match unit {
                Unit::Bytes => ", in bytes",
                Unit::Milliseconds => ", in milliseconds",
                Unit::Seconds => ", in seconds",
                Unit::Minutes => ", in minutes",
                Unit::Hours => ", in hours",
            });
        }
        if self.filled {
            said.push_str(", not empty");
        }
        if self.unique {
            said.push_str(", nothing twice");
        }
        said
    }

    /// Returns the number that a text is to the server, where it is one.
    pub fn number(&self, text: &str) -> Option<f64> {
        match self.kind.takes(text) {
            Taken::Number(number) => Some(number),
            Taken::Not | Taken::Word => None,
        }
    }

    /// Returns why the server refuses a value; `None` where it takes it, or where only running it tells.
    pub fn refuses(&self, text: &str) -> Option<Refusal> {
        (!self.fits(text)).then(|| Refusal { must: self.takes(), meant: self.meant(text) })
    }

    fn fits(&self, text: &str) -> bool {
        let is_taken = match self.kind.takes(text) {
            Taken::Not => false,
            Taken::Word => true,
            Taken::Number(number) => self.range.is_none_or(|range| range.holds(number)),
        };
        is_taken && self.has_words(text)
    }

    fn has_words(&self, text: &str) -> bool {
        let text = self.kind.trimmed(text);
        let is_word = |text: &str| {
            self.words.is_empty()
                || self
                    .words
                    .iter()
                    .any(|word| *word == text || self.any_case && word.eq_ignore_ascii_case(text))
        };
        if self.kind != Kind::List {
            return is_word(text) && !(self.filled && text.is_empty());
        }
        if text.is_empty() {
            return !self.filled;
        }
        let mut entries: Vec<&str> =
            text.split(',').map(|entry| entry.trim_matches(|c: char| c <= ' ')).collect();
        let all = entries.iter().all(|entry| is_word(entry));
        let count = entries.len();
        entries.sort_unstable();
        entries.dedup();
        all && (!self.unique || entries.len() == count)
    }

    /// Returns a value that this server takes and that who wrote `text` most likely means.
    fn meant(&self, text: &str) -> Option<String> {
        let text = text.trim();
        let words = || self.words.iter().copied().filter(|word| !word.is_empty());
        let guess = match self.kind {
            Kind::Boolean | Kind::GoBool => match text.to_ascii_lowercase().as_str() {
                "yes" | "on" | "true" | "1" => Some("true".to_owned()),
                "no" | "off" | "false" | "0" => Some("false".to_owned()),
                _ => None,
            },
            Kind::Integer(_) | Kind::GoInteger { .. } => {
                let number = amount::read(text, self.unit?)?;
                Some(number.to_string())
            }
            Kind::Duration | Kind::Retention => amount::go_duration(text),
            Kind::Text | Kind::GoText if !self.words.is_empty() => {
                nearest(text, words()).map(str::to_owned)
            }
            Kind::List if !self.words.is_empty() => {
                let meant: Option<Vec<&str>> =
                    text.split(',').map(|it| nearest(it.trim(), words())).collect();
                meant.map(|words| words.join(","))
            }
            Kind::YesNo
            | Kind::Decimal
            | Kind::GoText
            | Kind::Text
            | Kind::List
            | Kind::Class
            | Kind::Secret => None,
        }?;
        self.fits(&guess).then_some(guess)
    }
}

fn version(text: &str) -> Option<Version> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (line, text, meant) in [
            ("a\t\tint\t\t1..", "1", None),
            ("a\t\tint\t\t1..", "0", Some(None)),
            ("a\t\tint\t\t1..9|-1", "-1", None),
            ("a\t\tint\t\t1..9|-1", "0", Some(None)),
            ("a\t\tlong\tms\t-1..", "7d", Some(Some("604800000"))),
            ("a\t\tint\tbytes\t1..", "4GiB", Some(None)),
            ("a\t\tlong\tbytes\t1..", "4GiB", Some(Some("4294967296"))),
            ("a\t\tboolean", "yes", Some(Some("true"))),
            ("a\t\tstring\t\t{gzip,zstd}", "gzipp", Some(Some("gzip"))),
            ("a\t\tstring\t\t{gzip,zstd}", "GZIP", Some(Some("gzip"))),
            ("a\t\tstring\t\t{gzip,zstd}i", "GZIP", None),
            ("a\t\tlist\t\t{compact,delete} unique", "compact, delete", None),
            ("a\t\tlist\t\t{compact,delete} unique", "compact,compact", Some(None)),
            ("a\t\tlist\t\t{compact,delete}", "delet", Some(Some("delete"))),
            ("a\t\tlist\t\tfilled", "", Some(None)),
            ("a\t\tdouble\t\t0..0.5", "0.6", Some(None)),
            ("a\t\tstring", "", None),
            ("a\t\tduration", "7d", Some(Some("168h"))),
            ("a\t\tduration\t\t1..", "0s", Some(None)),
            ("a\t\tduration\t\t1..", "1ns", None),
            ("a\t\tretention\th", "1d", Some(Some("24h"))),
            ("a\t\tgo-string\t\t{json,console}", "JSON", Some(Some("json"))),
            ("a\t\tgo-string\t\t{json,}", "", None),
        ] {
            let found = Setting::read(line).refuses(text);
            let expected = meant.map(|meant| meant.map(str::to_owned));
            assert_eq!(found.map(|refusal| refusal.meant), expected, "{line} {text}");
        }
    }
}
