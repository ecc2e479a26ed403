//! The keys of Ignition's configs and what they take, by version of the spec.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The table.
const TABLE: &str = include_str!("spec.txt");

/// What a config is at the top.
pub(super) const CONFIG: &str = "config";

/// The newest minor version of spec 3 that the table has.
pub(super) const NEWEST: u32 = 6;

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// An object with the keys of this name.
    Object(&'static str),
    /// A list of such objects.
    Objects(&'static str),
    /// A list of texts.
    Texts,
    Text,
    /// A whole number.
    Number,
    Boolean,
}

impl Takes {
    /// Returns it in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Object(_) => "an object",
            Self::Objects(_) => "a list of objects",
            Self::Texts => "a list of texts",
            Self::Text => "a text",
            Self::Number => "a whole number",
            Self::Boolean => "`true` or `false`",
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// The object it is a key of.
    object: &'static str,
    pub(super) key: &'static str,
    pub(super) takes: Takes,
    /// The first minor version of spec 3 that has it.
    since: u32,
}

impl Row {
    /// Returns the first minor version of spec 3 that has it, in an object that is found by `path`.
    ///
    /// Configs and certificates that are fetched were no whole resources in 3.0.
    pub(super) fn since(&self, path: &str) -> u32 {
        let is_reference = path.starts_with("ignition.") && self.key == "compression";
        if is_reference { self.since.max(1) } else { self.since }
    }
}

fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut parts = line.split(' ');
        let (object, key, kind) = (parts.next()?, parts.next()?, parts.next()?);
        let since = parts.next()?.parse().ok()?;
        Some(Row { object, key, takes: takes(kind)?, since })
    })
}

fn takes(kind: &'static str) -> Option<Takes> {
    let within = |open, close| kind.strip_prefix(open)?.strip_suffix(close);
    Some(match kind {
        "[text]" => Takes::Texts,
        "text" => Takes::Text,
        "number" => Takes::Number,
        "boolean" => Takes::Boolean,
        _ => match within('{', '}') {
            Some(object) => Takes::Object(object),
            None => Takes::Objects(within('[', ']')?),
        },
    })
}

/// Returns the keys of an object, in the order of the table.
pub(super) fn of(object: &str) -> &'static [Row] {
    static OBJECTS: LazyLock<BTreeMap<&str, Vec<Row>>> = LazyLock::new(|| {
        let mut objects: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        rows().for_each(|row| objects.entry(row.object).or_default().push(row));
        objects
    });
    OBJECTS.get(object).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(rows().count(), lines);
        for row in rows() {
            assert!(row.since <= NEWEST, "{row:?}");
            if let Takes::Object(object) | Takes::Objects(object) = row.takes {
                assert!(rows().any(|row| row.object == object), "{object} has no keys");
            }
        }
    }
}
