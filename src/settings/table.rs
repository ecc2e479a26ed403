//! A table: the text it is written as, read when it is first asked.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use super::setting::{Setting, Version};

/// Settings of one server, or of one of its scopes, in all versions that are known.
///
/// The text has a line per setting and run of versions in which it says the same, sorted by name, its columns
/// (`name versions type unit accepts default update mode twin`) separated by tabs, those at the end left out where they
/// are empty. Lines with `#` are remarks; the first other line names the columns.
pub struct Table {
    /// Oldest and newest version that was asked.
    pub oldest: Version,
    /// See [`Table::oldest`].
    pub newest: Version,
    text: &'static str,
    read: OnceLock<BTreeMap<&'static str, Vec<Setting>>>,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "settings of {:?} to {:?}", self.oldest, self.newest)
    }
}

impl Table {
    /// Returns a table that has not been read.
    pub const fn new(oldest: Version, newest: Version, text: &'static str) -> Self {
        Self { oldest, newest, text, read: OnceLock::new() }
    }

    /// Returns what is known of a name in any version, oldest first; empty where nothing is.
    pub fn all(&self, name: &str) -> &[Setting] {
        self.rows().get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns what a version says of a name; without a version, each that some version says.
    ///
    /// A version beyond those that were asked is taken for the nearest of them.
    pub fn of(&self, name: &str, version: Option<Version>) -> impl Iterator<Item = &Setting> {
        let version = self.asked(version);
        self.all(name).iter().filter(move |it| version.is_none_or(|version| it.is_in(version)))
    }

    /// Returns the names that a version knows; without a version, those of all.
    pub fn names(&self, version: Option<Version>) -> impl Iterator<Item = &'static str> + Clone {
        let version = self.asked(version);
        let fits = move |it: &Setting| version.is_none_or(|version| it.is_in(version));
        self.rows().iter().filter(move |(_, all)| all.iter().any(fits)).map(|(name, _)| *name)
    }

    fn asked(&self, version: Option<Version>) -> Option<Version> {
        version.map(|version| version.clamp(self.oldest, self.newest))
    }

    fn rows(&self) -> &BTreeMap<&'static str, Vec<Setting>> {
        self.read.get_or_init(|| {
            let mut rows: BTreeMap<&'static str, Vec<Setting>> = BTreeMap::new();
            for line in self.text.lines().filter(|line| !line.starts_with('#')).skip(1) {
                let setting = Setting::read(line);
                rows.entry(setting.name).or_default().push(setting);
            }
            rows
        })
    }
}
